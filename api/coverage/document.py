"""
A coverage study as it is stored, sent and reported: `coverage.json` is exactly this.

One study is one province on one day: who lives where, which posts are in force, what is far, what each remedy and each
scenario would change. Metres, seconds, đồng; money and work are of a year, of which a sample of days was routed. A
number that stands on an assumption is only as good as the assumption: all of them are in `assumptions`.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.plans.schemas import Position, RoadsUsed, Sha256, Words
from geo.coverage.floors import Floor as FloorKind

Count = Annotated[int, Field(ge=0)]
Seconds = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]

SCHEMA: Literal["duongthu-coverage/1"] = "duongthu-coverage/1"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Means(StrEnum):
    """How people come to the post; the names of road profiles."""

    WALK = "walk"
    MOTORBIKE = "motorbike"


class RemedyKind(StrEnum):
    """What may be done for a place without a post."""

    NEW_POINT = "new_point"
    """A post of its own, open as a culture post is."""
    BORROWED_DESK = "borrowed_desk"
    """A desk at the committee, a school or a culture house, open for some hours."""
    WEEKLY_VISIT = "weekly_visit"
    """A mobile desk that stays for a while on one weekday."""
    DAILY_VISIT = "daily_visit"
    HOME_PICKUP = "home_pickup"
    """A courier fetches dossiers at the door, free of charge."""
    NOTHING = "nothing"


class Assumption(_Part):
    """One number that is not measured here, and where it comes from."""

    key: str
    value: float | int | str | bool
    unit: Words
    meaning: Words
    source: Words
    estimated: bool
    """True = ours; a province should put its own in its place."""


class CoverageNetwork(_Part):
    name: str
    valid_on: date
    sha256: Sha256
    roads: RoadsUsed


class Access(_Part):
    """The way from a place to the post that is nearest on the road."""

    seconds: Seconds | None
    """None = no way: an island without a ferry, or no road near by."""
    point_id: str | None


class CoveragePoint(_Part):
    """A post in force that serves the public."""

    point_id: str
    """Site."""
    name: str
    kind: str
    commune_code: str
    position: Position
    hours_a_day: float
    """On a usual working day."""
    days_a_week: float
    """On which it is open."""
    people_nearest: dict[Means, Count]
    """Of the places that have it as their nearest."""


class CoveragePlace(_Part):
    """Where people live."""

    place_id: str
    """Settlement."""
    name: str
    commune_code: str
    commune: str
    position: Position
    people: Count
    people_estimated: bool
    has_post: bool
    """A post in force is nearer to it than to any other place."""
    base_id: str | None
    """Whose couriers serve it; None = nobody's."""
    access: dict[Means, Access]


class Shortfall(_Part):
    """Who or what misses a floor."""

    id: str
    """Place, commune or site."""
    name: str
    measured: float | None
    """None = there is nothing to measure."""


class Floor(_Part):
    """One service floor, and what fails it."""

    key: FloorKind
    meaning: Words
    unit: Words
    limit: float
    measured: float | None
    """The mean of the province, or the worst commune or point; None = no point stands anywhere."""
    met: bool
    checked: Count
    """Communes or points looked at."""
    fails: tuple[Shortfall, ...]
    """Who misses it; of a mean, also when it is met: who alone is beyond it."""


class Reached(_Part):
    """People within each limit, by means: `{walk: {30: 812345}}`."""

    people: dict[Means, dict[int, Count]]
    """By minutes."""
    mean_minutes: dict[Means, float]
    """Over people who have a way at all."""
    no_way: dict[Means, Count]
    """People from whom no way leads to any post."""


class YearFigures(_Part):
    """What a year of rounds takes, from the routed sample, and what becomes of the papers."""

    dossiers: Count
    """Taken in."""
    results: Count
    dong: Count
    """Of rounds: couriers' days, kilometres, hours, overtime."""
    fixed_dong: Count
    """Of points, desks and mobile desks."""
    postage_dong: Count
    """That people pay for the papers of the sampled days, taken to a year; it lessens no cost here."""
    km: float
    courier_days: float
    hours: float
    """Of couriers' work."""
    most_couriers: Count
    """On one day."""
    early: Share
    on_the_day: Share
    late: Share
    """Against the post's own due date; the three sum to 1 when anything is due."""
    unserved: Count
    """In the sample: what no round could carry."""

    @property
    def total_dong(self) -> int:
        return self.dong + self.fixed_dong


class Band(_Part):
    """Between which values a figure lies for the demands drawn."""

    low: float
    """The 5th percentile; the least of fewer than 20 demands."""
    median: float
    high: float
    """The 95th percentile; the most of fewer than 20 demands."""


class RemedyPrice(_Part):
    """One remedy for one place, against leaving the place as it is."""

    place_id: str
    kind: RemedyKind
    weekday: Annotated[int, Field(ge=0, le=6)] | None
    """0 = Monday: of a weekly visit."""
    hours_a_week: float
    """During which somebody takes papers in."""
    year: YearFigures
    """Of the whole province with this remedy alone."""
    added_dong: int
    """A year, rounds and fixed together; rounds that chance alone may have made cheaper than today's count as 0."""
    added_km: float
    added_courier_days: float
    access: dict[Means, Access]
    """Of the place, with the remedy."""
    minutes_saved: dict[Means, float]
    """One way, of one inhabitant on the mean, over all places that gain."""
    people_gained: dict[Means, Count]
    """Newly within the study's main limit."""
    dossiers_won: int
    """A year, by the demand response."""
    late_change: float
    """Share of late papers, with it less without."""
    problem: Words | None = None
    """Why it cannot be had, where it cannot; the figures are then those of doing nothing."""


class FrontierStep(_Part):
    """The best k places to build at, and the k that come one after the other."""

    k: Annotated[int, Field(ge=0)]
    exact: tuple[str, ...]
    """Places."""
    exact_people: Count
    greedy: tuple[str, ...]
    """Nested: each step keeps those before it."""
    greedy_people: Count
    proved: bool
    """False = time ran out before the exact answer was proved the best."""


class Frontier(_Part):
    """How many people are within a limit when k places get a point."""

    means: Means
    minutes: int
    seconds_taken: float
    steps: tuple[FrontierStep, ...]
    nearer: dict[str, dict[str, Seconds]]
    """By place without a post: the ways to a point at it, from each place that has it nearer than any post today."""


class Choice(_Part):
    """A remedy chosen for a place."""

    place_id: str
    kind: RemedyKind


class EfficientStep(_Part):
    """No other choice of remedies reaches as many people for less."""

    added_dong: int
    chance_dong: Count
    """By so much chance may move it, the remedies chosen taken as independent of each other."""
    people: Count
    """Within the main limit."""
    postage_dong: int
    """By so much people pay more a year than today; below 0 = less."""
    choices: tuple[Choice, ...]


class AgencyQuarter(_Part):
    """How many of an agency's dossiers come by post in a quarter, against its target."""

    agency_id: str
    """Site."""
    name: str
    quarter: str
    """`2027-Q1`: those days of it that lie in the study's year."""
    dossiers: Count
    """That people hand in, in any way."""
    by_post: Count
    share: Share
    target: Share
    met: bool


class ScenarioResult(_Part):
    """A scenario priced, beside the study's own situation."""

    key: str
    title: Words
    changes: tuple[Words, ...]
    """What is different, one sentence each."""
    before: YearFigures
    after: YearFigures
    bands: dict[str, Band]
    """By figure of `after` ("total_dong", "km", "late", ...), over the demands drawn; empty = one demand only."""
    change_bands: dict[str, Band]
    """The same of `after` less `before`, both under the same demand."""
    reached: Reached
    access: dict[str, dict[Means, Access]]
    """By place: only those that change."""
    points: tuple[CoveragePoint, ...]
    """In force in the scenario."""
    floors: tuple[Floor, ...]
    """As the scenario keeps and misses them."""
    agencies: tuple[AgencyQuarter, ...] = ()
    """Only where the scenario sets targets."""


class SampledWeek(_Part):
    """A week that was routed."""

    warm_up_from: date
    """Days from here on are replayed, so that papers are under way; they do not count."""
    first: date
    last: date


class Sample(_Part):
    """What stands for the year."""

    first_day: date
    """Of the year."""
    working_days: Count
    """Of the year."""
    weeks: tuple[SampledWeek, ...]
    counted_days: Count
    """Working days of these weeks."""
    factor: float
    """A year's work over the sample's."""
    iterations: Count
    """Search steps for each group of a day that begin from rounds known of it; 12 times as many from nothing."""
    draws: Count
    """Demands drawn for the bands."""
    remedy_chance: float
    """Of the province's cost in a year: by so much chance may move what a remedy costs (docs/coverage.md)."""
    scenario_chance: float
    """The same of a scenario."""


class CoverageStudy(_Part):
    """All of it."""

    schema_: Annotated[Literal["duongthu-coverage/1"], Field(alias="schema")] = SCHEMA
    created_at: AwareDatetime
    software: str
    seed: int
    network: CoverageNetwork
    sample: Sample
    limits_minutes: tuple[int, ...]
    main_means: Means
    main_minutes: int
    least_days: int
    """A point counts as reached where it is open on so many days a week."""
    assumptions: tuple[Assumption, ...]
    places: tuple[CoveragePlace, ...]
    points: tuple[CoveragePoint, ...]
    without_post: tuple[str, ...]
    """Places."""
    floors: tuple[Floor, ...]
    reached: Reached
    base: YearFigures
    """Nothing changed."""
    remedies: tuple[RemedyPrice, ...]
    frontiers: tuple[Frontier, ...]
    efficient: tuple[EfficientStep, ...]
    scenarios: tuple[ScenarioResult, ...]
    warnings: tuple[Words, ...]
