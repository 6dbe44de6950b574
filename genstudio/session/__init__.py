"""The torch side's facade: requests in, events out. One Session per lane, built on its thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch

from genstudio import api, store
from genstudio.core.compute import Compute, default_compute
from genstudio.core.datasets import default_data_dir
from genstudio.core.thread_chooser import ThreadChooser
from genstudio.core.threads import THREADS
from genstudio.export.looking import look
from genstudio.session import (
    cards,
    catalog,
    comparison_files,
    copied,
    data,
    diffusion,
    encoding,
    evaluating,
    exchange_in,
    exchange_out,
    exporting,
    forward,
    guessing,
    inversion,
    judging,
    latent,
    model_facts,
    one_picture,
    own_drawings,
    planes,
    repeating,
    restoring,
    samplers,
    saving,
    tables,
    timing,
    tracks,
    triptych,
    watching,
)
from genstudio.session.models import ModelShelf
from genstudio.session.places import Places
from genstudio.session.study import StudyShelf
from genstudio.session.trunks import Trunks


class Session:
    """Answers requests with models of its own; owned by one thread, so there are no locks.

    Args:
        lane: "play", "train" or "io". The train lane warms up the optimiser when it is built.
        data_dir: Where downloaded datasets are; the user's data folder by default.
        model_dirs: Folders of checkpoints the catalog lists; the bundled and the user's by default.
        adapts: Give training, and the walks beside it, as many threads as are fastest while the machine is as busy
            as it is. Runs remember it. The pictures that follow a hand on the lane "play", if they are many, have the
            precision of training. Without this the same request always gives the same bits.
    """

    def __init__(
        self,
        lane: str = "play",
        *,
        data_dir: Path | None = None,
        model_dirs: Sequence[Path] | None = None,
        compute: Compute | None = None,
        adapts: bool = False,
    ) -> None:
        self.compute, self.adapts = compute or default_compute(), adapts
        self._choosers: dict[tuple[str, int], ThreadChooser] = {}  # of denoising, by model and number of pictures
        self._trunks, self._states = Trunks(), tracks.States()
        self.data_dir = data_dir or default_data_dir()
        folders = tuple(model_dirs) if model_dirs is not None else (store.pretrained_dir(), store.models_dir())
        self.models = ModelShelf(folders, self.compute, drafts=adapts and lane == "play")
        self.studies = StudyShelf(self.models, self.data_dir)
        self.copier = copied.Copier(self.models, self.studies, exporting.sampled)
        self.evaluator = evaluating.Evaluator(self.models, self.studies)
        self.originals, self.guesses = forward.Originals(self.data_dir), guessing.Guesses()
        self.places = Places(self.models, self.data_dir, self.compute, adapts=adapts)
        self.runs, self.budget = self.places.runs, self.places.budget  # by their places; of what is kept of all
        self._handlers: dict[type, Callable[[Any], Any]] = {
            api.CatalogRequest: lambda r: catalog.catalog(self.models, self.data_dir, self.compute, r),
            api.LoadRequest: lambda r: self.models.event(r),
            api.FactsRequest: lambda r: model_facts.facts(self.models, r),
            api.DecodeRequest: lambda r: latent.decode(self.models, r),
            api.MapRequest: lambda r: latent.decode_map(self.models, r),
            api.InterpolateRequest: lambda r: latent.interpolate(self.models, r),
            api.PlaneRequest: lambda r: planes.decode_plane(self.models, r),
            api.MagnificationRequest: lambda r: planes.magnify(self.models, r),
            api.TraverseRequest: lambda r: planes.traverse(self.models, r),
            api.PathRequest: lambda r: planes.path(self.models, r),
            api.EncodeRequest: lambda r: encoding.encode(self.models, r),
            api.NearestRequest: lambda r: self.studies.nearest(r),
            api.SampleRequest: lambda r: exporting.sample(self.models, r),
            api.ClassGridRequest: lambda r: tables.answer(self.models, r, exporting.sampled),
            api.SaveRequest: lambda r: saving.save(self.places.whole(r.place), r),
            api.TuneRequest: lambda r: watching.tune(self.places.run(r.place), r),
            api.StandRequest: self.places.stand,
            api.SlowRequest: self.places.slow_down,
            api.TurnRequest: self.places.turn,
            api.MeterRequest: self.places.measure,
            api.KeepRequest: self.places.keep,
            api.WatchRequest: self.places.watch,
            api.PeekRequest: self.places.peek,
            api.ExamplesRequest: lambda r: data.examples(r),
            api.KindRequest: api.kind_of,
            api.LookRequest: lambda r: look(r),
            api.DrawingsRequest: lambda r: own_drawings.draw(r),
            api.ScheduleRequest: lambda r: forward.schedule(r),
            api.FitRequest: lambda r: forward.fit(r),
            api.GuessRequest: lambda r: self.guesses.guess(r),
            api.TracksRequest: lambda r: tracks.tracks(self._states, r),
            api.PanelRequest: lambda r: triptych.answer(self.models, r),
        }
        self._streams: dict[type, Callable[[Any], Iterator[Any]]] = {
            api.WalkRequest: lambda r: latent.walk(self.models, r),
            api.DenoiseRequest: lambda r: self._branch(api.BranchRequest(r, 0)),
            api.BranchRequest: self._branch,
            api.CompareSamplersRequest: lambda r: samplers.compare(self.models, r, self._chooser),
            api.PanelRequest: lambda r: triptych.denoise(self.models, r, self._chooser(r)),
            api.TrainRequest: lambda r: self.places.train(r, place=0),
            api.RunRequest: lambda r: self.places.train(r.train, r.place),
            api.RewindRequest: self.places.rewind,
            api.GoOnRequest: lambda r: self.places.go_on(r.place),
            api.RaceRequest: self.places.race,
            api.StudyRequest: lambda r: self.studies.study(r),
            api.PickRequest: lambda r: self.studies.pick(r),
            api.InvertRequest: lambda r: inversion.invert(self.models, r),
            api.CardRequest: lambda r: cards.card(self.models, r, self.data_dir),
            api.ProjectRequest: lambda r: one_picture.project(self.models, r),
            api.SlerpRequest: lambda r: inversion.between(self.models, r),
            api.OriginalRequest: lambda r: self.originals.pick(r),
            api.ScatterRequest: lambda r: tracks.scatter(self.models, self.studies, r),
            api.FactorsRequest: lambda r: judging.factors(self.models, self.studies, r),
            api.LikelihoodRequest: lambda r: judging.likelihood(self.models, self.studies, r),
            api.EvaluateRequest: lambda r: self.evaluator.evaluate(r),
            api.TimesRequest: lambda r: timing.times(self.models, r),
            api.CopiedRequest: lambda r: self.copier.find(r),
            api.RateRequest: lambda r: judging.rate(self.models, self.studies, r),
            api.DatasetRequest: lambda r: data.look(r, self.data_dir),
            api.InspectRequest: lambda r: data.inspect(r),
            api.DownloadRequest: lambda r: data.download(r, self.data_dir),
            api.ExportGridRequest: lambda r: exporting.export_grid(self.models, self.studies, r, self.copier),
            api.ExportFilmRequest: lambda r: exporting.export_film(self.models, r),
            api.WriteComparisonRequest: lambda r: comparison_files.write(self.models, r),
            api.WritePicturesRequest: lambda r: exporting.write_pictures(r, self.compute),
            api.WriteRunRequest: lambda r: repeating.write_run(r, self.compute),
            api.WriteCurvesRequest: lambda r: repeating.write_curves(r, self.compute),
            api.RestoreRequest: lambda r: restoring.restore(self.models, self.studies, r),
            api.ImportRequest: lambda r: exchange_in.bring(self.models, r),
            api.ExportFolderRequest: lambda r: self._export_folder(r),
        }
        if lane == "train":
            _warm_up_optimizer()

    def handle(self, request: Any) -> Any:
        """The event that answers `request`.

        Raises:
            ValueError, FileNotFoundError: in one sentence, for what the user can mend.
        """
        return self._handlers[type(request)](request)

    def stream(self, request: Any) -> Iterator[Any]:
        """Events of something that goes on; None where a step has nothing to tell."""
        return self._streams[type(request)](request)

    def _chooser(self, moving: api.DenoiseRequest | api.PanelRequest) -> ThreadChooser | None:
        if not self.adapts or self.compute.device.type != "cpu":
            return None
        return self._choosers.setdefault((moving.model, moving.count), ThreadChooser(THREADS))

    def _branch(self, request: api.BranchRequest) -> Iterator[api.DenoiseEvent | api.ProgressEvent]:
        chooser = self._chooser(request.process)
        return diffusion.branch(self.models, request, chooser, self._trunks, self._states)

    def _export_folder(self, request: api.ExportFolderRequest) -> Iterator[api.SavedEvent]:
        run = None if request.model else self.places.whole(request.place)
        yield exchange_out.export(self.models, request, run)


def _warm_up_optimizer() -> None:
    """The first optimiser imports a compiler (1.2 s): do it before anybody waits for it."""
    parameter = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.Adam([parameter], fused=True)
    parameter.sum().backward()
    optimizer.step()
