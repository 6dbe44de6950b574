"""The torch side's facade: requests in, events out. One Session per lane, built on its thread."""

from __future__ import annotations

import dataclasses
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
    peek,
    planes,
    race,
    repeating,
    restoring,
    run_quality,
    samplers,
    saving,
    tables,
    timing,
    tracks,
    training,
    triptych,
    watching,
)
from genstudio.session.classifier import CLASSES
from genstudio.session.models import ModelShelf
from genstudio.session.run import Run
from genstudio.session.spread import Budget
from genstudio.session.study import StudyShelf
from genstudio.session.trunks import Trunks
from genstudio.settings import PLANAR


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
        self.runs: dict[int, Run] = {}  # by their places, also after they have ended
        self._watched: set[int] = set()  # places whose runs somebody looks at with D's eye
        self._racing: set[int] = set()  # places whose runs are locked to each other
        self.slow: set[int] = set()  # places whose runs go stage by stage
        self.budget = Budget()  # of what is kept of all of them on the way
        self.gauges = run_quality.Gauges(self.compute)
        self._handlers: dict[type, Callable[[Any], Any]] = {
            api.CatalogRequest: lambda r: catalog.catalog(self.models, self.data_dir, self.compute),
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
            api.SaveRequest: lambda r: saving.save(self._whole(r.place), r),
            api.TuneRequest: lambda r: watching.tune(self._run(r.place), r),
            api.SlowRequest: lambda r: self._slow(r),
            api.TurnRequest: lambda r: self._turn(r),
            api.MeterRequest: lambda r: self._meter(r),
            api.KeepRequest: lambda r: self._keep(r),
            api.WatchRequest: lambda r: self._watch(r),
            api.PeekRequest: lambda r: self._peek(r),
            api.ExamplesRequest: lambda r: data.examples(r),
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
            api.TrainRequest: lambda r: self._train(r, place=0),
            api.RunRequest: lambda r: self._train(r.train, r.place),
            api.RewindRequest: lambda r: self._rewind(r),
            api.GoOnRequest: lambda r: self._go_on(r.place),
            api.RaceRequest: lambda r: self._race(r),
            api.StudyRequest: lambda r: self.studies.study(r),
            api.PickRequest: lambda r: self.studies.pick(r),
            api.InvertRequest: lambda r: inversion.invert(self.models, r),
            api.CardRequest: lambda r: cards.card(self.models, r),
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

    def _run(self, place: int) -> Run:
        if place not in self.runs:
            raise ValueError("Nothing has been trained yet, so there is nothing to save.")
        return self.runs[place]

    def _whole(self, place: int) -> Run:
        """A run between two iterations."""
        run = self._run(place)
        run.pace.finish()
        return run

    def _export_folder(self, request: api.ExportFolderRequest) -> Iterator[api.SavedEvent]:
        run = None if request.model else self._whole(request.place)
        yield exchange_out.export(self.models, request, run)

    def _slow(self, request: api.SlowRequest) -> api.SlowEvent:
        self._check_alone(*request.places)
        runs = {place: self.runs[place] for place in request.places if place in self.runs}
        for run in runs.values():
            run.pace.set_slow(request.on)
        self.slow = self.slow.union(request.places) if request.on else self.slow.difference(request.places)
        return api.SlowEvent(request.on, tuple(place for place, run in runs.items() if run.pace.is_half_done))

    def _turn(self, request: api.TurnRequest) -> api.TurnEvent:
        self._check_alone(request.place)
        self._run(request.place).pace.add_turn(request.learner)
        return api.TurnEvent(request.learner, request.place)

    def _check_alone(self, *places: int) -> None:
        if self._racing.intersection(places):
            raise ValueError("Both sides of a race do whole iterations together; neither has a step of its own.")

    def _keep(self, request: api.KeepRequest) -> api.SavedEvent:
        run = self._whole(request.place)
        files = {other.file for other in self.runs.values() if other is not run} - {"", run.request.resume}
        others = tuple(sorted(files))  # what another page has at hand is on the disk, too
        keep = repeating.keep_run if run.request.family in PLANAR else saving.keep
        return keep(run, self.models.folders[-1], (*request.spare, *others), request.replaces)

    def _peek(self, request: api.PeekRequest) -> api.PeekedEvent:
        run = self.runs.get(request.place)
        if run is None:
            raise ValueError("Nothing has been trained yet, so there is no generator to explore.")
        return peek.peek(run.generators, run.trainer, request, run.classes)

    def _meter(self, request: api.MeterRequest) -> api.MeterEvent:
        run, count = self.runs.get(request.place), request.count
        if run is None:
            return api.MeterEvent(request.place, 0, reason="Nothing has been trained yet, so nothing can be measured.")
        reason = self.gauges.why_not(run.request.dataset, run.trainer, count) if count else ""
        if reason or not count:
            run.meter = None
            return api.MeterEvent(request.place, 0, reason=reason)
        run.meter = self.gauges.meter(run.request.dataset, run.trainer, count)
        return api.MeterEvent(request.place, count, CLASSES)

    def _train(self, request: api.TrainRequest, place: int) -> Iterator[api.TrainEvent | api.ProgressEvent | None]:
        training.check(request)
        self.runs.pop(place, None)  # its networks make room
        self._racing.discard(place)
        has_pictures = request.family not in PLANAR
        dataset = (yield from data.reading(request.dataset, self.data_dir)) if has_pictures else None
        self.runs[place] = training.prepare(
            request, self.data_dir, self.compute, dataset, adapts=self.adapts, budget=self.budget, models=self.models
        )
        self.runs[place].is_watched = place in self._watched
        yield from self._go(place)

    def _watch(self, request: api.WatchRequest) -> api.WatchedEvent:
        (self._watched.add if request.eye else self._watched.discard)(request.place)
        return watching.watch(self.runs.get(request.place), request)

    def _race(self, request: api.RaceRequest) -> Iterator[api.RaceEvent | api.ProgressEvent | None]:
        race.check(request)
        for place in request.places:
            self.runs.pop(place, None)  # its networks make room
        runs = yield from race.preparing(request, self.data_dir, self.compute, adapts=self.adapts)
        self.runs.update(zip(request.places, runs, strict=True))
        self._racing.update(request.places)
        yield from race.race(*runs)

    def _go(self, place: int) -> Iterator[api.TrainEvent | None]:
        if place in self.slow:
            self.runs[place].pace.set_slow(True)
        yield from training.train(self.runs[place])

    def _go_on(self, place: int) -> Iterator[api.TrainEvent | None]:
        self._check_alone(place)
        run = self._whole(place)
        run.request = dataclasses.replace(run.request, iterations=0)
        yield from self._go(place)

    def _rewind(self, request: api.RewindRequest) -> Iterator[api.TrainEvent | None]:
        left = self._run(request.left)
        left.snapshots.at(request.iteration)  # before anything makes room
        self.runs.pop(request.place, None)  # its networks make room
        self._racing.discard(request.place)
        run = self.runs[request.place] = training.fork(left, request.iteration)
        run.is_watched = left.is_watched or request.place in self._watched
        if left.meter is not None:
            run.meter = self.gauges.meter(run.request.dataset, run.trainer, left.meter.count)
        yield from self._go(request.place)


def _warm_up_optimizer() -> None:
    """The first optimiser imports a compiler (1.2 s): do it before anybody waits for it."""
    parameter = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.Adam([parameter], fused=True)
    parameter.sum().backward()
    optimizer.step()
