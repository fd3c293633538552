//! Everything that is wrong at this company on purpose, in one place.
//!
//! A tool that only ever met tidy repositories would report a hole as an all-clear. So, of 200 repositories (other numbers: the same shares):
//!
//! | flaw | how many | how it shows |
//! |---|---|---|
//! | archived | 12, and 2 more in the days to come | `isArchived`, `archivedAt`; no pull requests, no alerts endpoint |
//! | empty | 2 | no default branch, never pushed, no pull requests |
//! | fork, template | 6, 3 | `isFork`, `isTemplate` |
//! | stale | 16 | last pushed one to five years ago, no pull requests |
//! | public, internal | 8, 20 | `visibility` |
//! | no team | 14 | the `team` property is null |
//! | no PCI answer | 10 | the `pci_scope` property is null |
//! | PCI in scope | 24 services | `pci_scope` = `in-scope`; of every six: three have open alerts (the first an overdue critical one), one has alerts disabled, one is not visible to us, one is clean |
//! | alerts disabled elsewhere | 8 | 403 on the repository, nothing in the organisation's list |
//! | not visible elsewhere | 4 | `viewerPermission` is READ: 403 on the repository, nothing in the organisation's list |
//!
//! Of the 198 that are not empty, each has one of these ways to name its owners, to be protected and to be scanned:
//!
//! | flaw | how many | how it shows |
//! |---|---|---|
//! | no CODEOWNERS | 50 | no such file; one is added two days after the start |
//! | CODEOWNERS at the root, in `docs/` | 30, 8 | not where most have it, `.github/` |
//! | CODEOWNERS in two places | 6 | `.github/CODEOWNERS` counts, the one at the root names another team |
//! | CODEOWNERS over 3 MB | 2 | `byteSize`, no text; the vendor ignores it |
//! | CODEOWNERS names a team that does not exist | 5 | `bell-ringers`; one is repaired three days after the start |
//! | … a team that cannot see the repository, one that may not write | 4, 4 | `codeowners.errors`; the latter are services and name the auditors |
//! | … somebody who left | 6 | a login that nobody has |
//! | CODEOWNERS with syntax errors | 4 | sections, negation, an owner without `@` |
//! | broken `catalog-info.yaml` | 5 | tabs, an open quote, a missing colon; the file is there and no YAML |
//! | `catalog-info.yaml` names an unknown owner | 5 | `spec.owner` is `group:default/bell-ringers` |
//! | … no owner, a kind that there is not, an invalid name | 3, 2, 2 | no `spec.owner`; `kind: Microservice`; spaces and signs in `metadata.name` |
//! | … the name of another's entity | 2 | `metadata.name` is that of the first repository with nothing wrong |
//! | … a person as the owner, a person in a remark | 3, 3 | `user:default/…`; a comment with a name and an address |
//! | protected by nothing of its own | 24 | no rule, no ruleset; at least one of them is public |
//! | protected by its own ruleset only, by both | 24, 12 | where both: the rule wants one review, the ruleset two |
//! | ruleset that only evaluates, is disabled, leaves the default branch out | 6, 4, 4 | looks like protection and is none |
//! | classic rule for a branch that does not exist | 6 | pattern `trunk` |
//! | classic rule, ruleset with people who may bypass it | 10, 8 | allowances, bypass actors |
//! | classic rule without status checks | 10, the 8 that require nothing, and one in five others | `requiresStrictStatusChecks` is true all the same (the vendor's bug) |
//! | classic rule that requires nothing | 8 | no reviews, force pushes and deletions allowed |
//! | classic rule by wildcard, with an exact one beside it | 8 | `*` wants two reviews, the exact one counts and wants one |
//! | code scanning switched off | 66, 6 of them services | 403 on the repository; `advanced_security` is disabled |
//! | code scanning never ran | 8 | 404 on the repository, as on empty ones |
//! | secret scanning switched off | 40 | 404 on the repository; `secret_scanning` is disabled |
//! | not visible to us (as above) | 8 | no rules, no bypass actors, no security settings, 403 and 404 for alerts |
//!
//! Two repositories' classic rules are relaxed in the days to come: no more reviews, force pushes allowed.
//! Six rulesets of the organisation lie above all that (`rulesets.rs`): by name, by property, by name but for one, one that evaluates until
//! five days after the start, one disabled, one for tags. Teams have flaws of their own (`groups.rs`): nested, secret, without people,
//! with access that a handover left behind; repositories without a team are in no team that may write but the secret one.
//!
//! In pull requests (`pulls.rs` draws them, with these shares): ghosts as authors, mergers and reviewers; three bots; drafts made ready,
//! some sent back and made ready again; reverts and backports; merges without review; deleted forks; reviews by the author, by bots,
//! before a draft was ready, after the merge, dismissed afterwards; comments days after the merge; a few with more than 60 reviews or commits.
//! They are merged in each of the ways that their repository allows: as one commit, with a commit of two parents, or commit by commit. Of
//! the commits that come to a branch later, one in twelve only merges the default branch into it. Reverts have the branch that the vendor
//! gives them, `revert-<number>-…`.
//!
//! Hotfixes (`hotfixes.rs`), nine of them: each is opened after real trouble that began at most eight hours after a deployment to
//! production, is merged within the hour and deployed at once. Some are told by the label `hotfix`, some by the branch `hotfix/…`, some by
//! both; nothing else is called so.
//!
//! One service in six (the sixth, the twelfth, …) is pushed to every other week without a pull request, and what is pushed is deployed to
//! production. One repository (`monorepo.rs`), the first with nothing else to tell, holds three services in folders: one descriptor at the
//! root with `backstage.io/source-location`, a line of CODEOWNERS with another team for each folder, deployments to
//! `production-bell-rope` and so on; the descriptor does not know who owns `bell-clapper`.
//!
//! Workflow runs (`runs.rs`), for repositories that have workflow files: ghosts, strangers whose runs somebody has to agree to, branches
//! that are gone (`head_branch` is null), attempts after the first; the code scanning of the first service that has it always waits
//! more than twenty minutes for a machine, and in one repository of eight (the third, the eleventh, …) three in ten attempts fail.
//!
//! Deployments (`deployments.rs`), of nine services in ten: three names for production (`production`, `prod`, `live`), environments for
//! one pull request (`preview-123`), failures that succeed on a second try, successes hours or a day later because somebody had to agree,
//! rollbacks, deployments without any status and some with more than twenty.
//!
//! Modules in Go (`modules.rs`): kits of the company in versions that are behind, one `go.mod` that cannot be read, one `replace`, one
//! version without a tag, one candidate.
//!
//! What runs (`services.rs`), one service for each repository that is one, and how it is watched (`watch/`):
//!
//! | flaw | how many | how it shows |
//! |---|---|---|
//! | two names for one service | 2 | `lamp_api`, and a name run together with `-prod` behind it, where it is watched |
//! | unknown to those who are called | 1 | the fifth service |
//! | no tier | one in twelve | no `tier:` label |
//! | monitors without a team | 31, and those of services without one | no `team:` label |
//! | … of a service that nobody knows | 8 | `service:phantom-skiff` |
//! | … in capitals, with colons in values, with labels that are no pairs | 12 each | `team:HARBOUR-PAYMENTS`, `rack:north:2:b`, `terraform` |
//! | … that call nobody | 25 | no `@` in the message |
//! | … muted for ever, until a day to come, until one long gone, in part | 11, 5, 3, 6 | `options.silenced` |
//! | … that see nothing; are ignored, skipped, unknown | 15; 3 each | `overall_state` |
//! | … not finished, not for all to change | 6, 6 | `draft_status`, `restricted_roles` |
//! | no objective | one service in five | no objective |
//! | objectives that count nothing, are not kept, have no labels | 3, 7, 2 | `state` is `no_data`; the budget is below 0; no tags |
//! | no synthetic test | one tier-1 service in seven | no synthetic test with its label |
//! | synthetic tests without a label, stopped | one in ten each | no `service:` label; `paused` |
//! | no definition, or one with a bad contact, an unknown team, no team | 6, 5, 3, 3 | definitions, some with `warnings` |
//! | a definition of a service that nobody knows | 1 | `ghost-ship-api` |
//! | definitions in the third form | one in ten | not in the vendor's description |
//! | a definition that names another service's repository | 1 | links to the repository of the service before it, whatever the catalogue says |
//!
//! Outages (`outages.rs`), about one a service a month and very unevenly: one in four an alert that ended by itself, one in fourteen
//! planned, a few drills; of real trouble one in a hundred is never over, four are forgotten for weeks, six come back; four are under way
//! at the start and over a day later. Half of the worse ones are declared to everyone, one in twelve of those without naming a service.
//!
//! Who is called (`calling.rs`): one team's schedule is empty since six days ago, another's will be for a day and a half from two days
//! after the start, one policy has a level that calls nobody, one team of one has no policy. One service is unknown where people are
//! called, one service is switched off and one is being oiled. Three things are called about beside the services: one that nobody
//! knows, one (`Bell Rope`) whose name fits two components of the catalogue (`bell-rope` and `bellrope`), and one (`Anchor Relay`) that
//! otherwise only the labels of its pods on the second cluster know. Calls (`calls.rs`): taken by nobody,
//! taken twice, handed on by hand, ended weeks later or never, remarked upon after the end; an outage that comes back is a second call.
//!
//! Requests to the platform team (`requests.rs`): three kinds of fourteen make up six in ten; some never begun, some reopened, some that
//! wait for an answer for ever, one in 150 with more than 100 changes, a few without a component, ghosts as reporters, and a status in
//! old histories that no list names any more. What stands in the catalogue beside the repositories (`catalog.rs`): a system of a domain
//! that nobody described, an interface of a team that does not exist; in descriptors, needs of a component that there is not.
//!
//! What services run on (`clusters/`): two clusters, both called `cluster-one` by themselves. Of 60 services (other numbers: the same
//! shares, each at least once):
//!
//! | flaw | how many services | how it shows |
//! |---|---|---|
//! | over-provisioned | 8 | 5 to 13 in a hundred of the CPU requested are used, 10 to 22 of the memory |
//! | … in memory only | 4 | 10 to 18 in a hundred of the memory requested are used |
//! | bursty | 5 | in one hour of five `cpuCoreUsageAverage` is above the request |
//! | killed at its limit | 3 | in one hour of eight `ramByteUsageMax` is the limit |
//! | autoscaled | 6 | twice the pods from 07:00 to 19:00, on nodes of the group `daytime` |
//! | managed by a VPA | 3 | annotations `vpaUpdates` and `vpaObservedContainers` |
//! | without requests | 3 | requests and limits are 0 |
//! | costs three times as much | 1 | three times the pods from three days before the start on, for two days, on nodes of the group `surge` |
//! | the only one with a GPU | 1 | the group `gpu` |
//! | unlabelled | 5 | no label, namespace `default`, a name that is no service's |
//! | labelled by `app` only, by the name that it is watched by only | 8, 6 | `app`; `tags_datadoghq_com_service` |
//! | a total that is not the sum of its parts | 6 | `totalCost` is 2 in a hundred too high |
//! | a person, everything applied in an annotation | 3, 3 | `contact`; `kubectl_kubernetes_io_last_applied_configuration` |
//!
//! Nine workloads run on spot nodes, nine on arm64 ones, these in the second cluster only; two nodes of the first cluster are idle but
//! for what runs on each; each cluster has a volume that nothing mounts (one with a claim, in `oil-and-spares`), a load balancer that nobody
//! calls, and one pod made by hand. Management costs money and belongs to nobody (`__unallocated__`).
//! What network cost and what the bill adjusts comes 36 hours after the end of a day; the last three hours before now are `null`, in
//! one cluster for ever 03:00 five days before the start, and in the other 17:00 six days before is an empty step. These two hours cost
//! money all the same: assets and books have it, allocations have not.
//!
//! A second organisation (`identity.rs`), if there is one: repositories and teams of the same names, people of both with one account.
//!
//! Releases (`releases.rs`), of what others build on and some services: drafts, release candidates, ghosts and bots as authors (`author`
//! is null for both), a tag that was moved later in one repository of four.

use crate::company::random;

/// Share of human pull requests that start as a draft.
pub(crate) const DRAFT: f64 = 0.18;
/// Share of drafts that go back to draft once and are made ready a second time.
pub(crate) const BACK_TO_DRAFT: f64 = 0.10;
/// Share of authors, mergers and reviewers whose account is gone.
pub(crate) const GHOST: f64 = 0.01;
/// Share of pull requests that revert an earlier one.
pub(crate) const REVERT: f64 = 0.02;
/// Share of pull requests that bring a change to the release branch.
pub(crate) const BACKPORT: f64 = 0.02;
/// Share of pull requests from a fork that was deleted afterwards.
pub(crate) const DELETED_FORK: f64 = 0.015;
/// Share of human pull requests nobody reviews.
pub(crate) const UNREVIEWED: f64 = 0.12;
/// Share of reviews an author gives to themselves.
pub(crate) const SELF_REVIEW: f64 = 0.06;
/// Share of reviews a bot gives.
pub(crate) const BOT_REVIEW: f64 = 0.08;
/// Share of drafts reviewed before they are ready.
pub(crate) const REVIEWED_AS_DRAFT: f64 = 0.30;
/// Share of requests for changes that are dismissed later.
pub(crate) const DISMISSED: f64 = 0.25;
/// Share of merged pull requests with a review or a comment after the merge.
pub(crate) const LATE_WORD: f64 = 0.02;
/// One commit in so many that come to a branch later only merges the default branch into it.
pub(crate) const CATCHING_UP_ONE_IN: u64 = 12;
/// One service in so many is pushed to, and deployed, without a pull request.
pub(crate) const PUSHED_TO_ONE_IN: u64 = 6;
/// One service in so many is never deployed.
pub(crate) const UNDEPLOYED_ONE_IN: u64 = 10;
/// In one service in so many, pull requests are deployed to an environment of their own.
pub(crate) const PREVIEWS_ONE_IN: u64 = 7;
/// Share of deployments to production that are taken back.
pub(crate) const ROLLED_BACK: f64 = 0.04;
/// Share of deployments that never get a status.
pub(crate) const SILENT: f64 = 0.02;
/// Share of deployments to production that wait until somebody agrees.
pub(crate) const WAITING: f64 = 0.15;
/// Share of deployments with more than 20 statuses.
pub(crate) const TALKATIVE: f64 = 0.012;
/// One repository in so many has workflow runs that fail for no reason.
pub(crate) const FLAKY_ONE_IN: u64 = 8;
/// Share of attempts that fail there.
pub(crate) const FLAKY_FAILING: f64 = 0.30;
/// Share of requests from before the tidying up that begin in a status that is gone.
pub(crate) const TRIAGED: f64 = 0.07;
/// Share of requests that nobody ever begins.
pub(crate) const NEVER_STARTED: f64 = 0.06;
/// Share of requests that are taken up again after their end.
pub(crate) const REOPENED_REQUEST: f64 = 0.06;
/// One request in so many has more than 100 changes.
pub(crate) const ENDLESS_REQUEST_ONE_IN: u64 = 150;
/// One pull request in so many has more than 60 reviews and commits.
pub(crate) const ENDLESS_ONE_IN: u64 = 600;

/// How many of the first repositories that are no services stay what tests know them as.
const FAMILIAR: usize = 4;

/// Whether and when a repository is archived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Archived {
    /// It stays alive.
    #[default]
    Never,
    /// It was archived before the history begins.
    LongAgo,
    /// It will be archived in the days after the start.
    Soon,
}

/// What the `pci_scope` property says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Pci {
    /// Card data passes through it.
    InScope,
    /// Somebody said no card data does.
    #[default]
    OutOfScope,
    /// Nobody said anything.
    Unset,
}

/// What can be learned about a repository's alerts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Alerts {
    /// As many as chance gives it.
    #[default]
    Natural,
    /// Switched on, and nothing is open.
    Clean,
    /// Switched on, and something is open for certain.
    Open,
    /// Switched on, and a critical one is open for longer than any policy allows.
    Overdue,
    /// Switched off.
    Disabled,
    /// We may read the code and not its alerts.
    NotVisible,
}

/// Where a repository says who owns its code, and what is wrong with that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Owners {
    /// In the usual place, and right.
    #[default]
    Usual,
    /// Nowhere.
    Nowhere,
    /// At the root.
    AtRoot,
    /// Among the documents.
    InDocs,
    /// In the usual place, and something else at the root.
    TwoPlaces,
    /// In a file that is too large to be read.
    TooLarge,
    /// A team that does not exist.
    UnknownTeam,
    /// A team that cannot see the repository.
    BlindTeam,
    /// A team that may look and not touch.
    ReadOnlyTeam,
    /// Somebody who left.
    LeftPerson,
    /// In lines that nobody can read.
    SyntaxErrors,
}

/// What the catalogue's descriptor in a repository is like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Descriptor {
    /// It is there or not, as chance has it.
    #[default]
    Natural,
    /// It cannot be read.
    Broken,
    /// Its owner does not exist.
    UnknownOwner,
    /// It names no owner.
    WithoutOwner,
    /// It is of a kind that there is not.
    WrongKind,
    /// Its name is none.
    InvalidName,
    /// Its name is another's.
    Duplicate,
    /// Somebody is named in a remark.
    Remark,
    /// Its owner is a person.
    UserOwner,
}

/// What guards a repository's branches, besides what the organisation does for all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Guard {
    /// A rule for the default branch.
    #[default]
    Rule,
    /// Nothing.
    Nothing,
    /// A ruleset.
    Ruleset,
    /// A rule, and a stricter ruleset.
    Both,
    /// A ruleset that only says what it would have done.
    Evaluating,
    /// A ruleset that is switched off.
    Disabled,
    /// A ruleset for every branch but the default one.
    Excluding,
    /// A rule for a branch that does not exist.
    Missing,
    /// A rule that some need not keep.
    Bypassed,
    /// A ruleset that some need not keep.
    RulesetBypassed,
    /// A rule without status checks.
    ChecksOff,
    /// A rule that requires nothing.
    Weak,
    /// A rule for every branch, and a laxer one for the default branch.
    Wildcard,
}

/// What looks through the code of a repository.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Scanning {
    /// It runs, and finds what it finds.
    #[default]
    On,
    /// It is switched on, and never ran.
    NeverRan,
    /// It is switched off.
    Off,
}

/// What is special about one repository.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Traits {
    pub(crate) service: bool,
    pub(crate) archived: Archived,
    pub(crate) empty: bool,
    pub(crate) fork: bool,
    pub(crate) template: bool,
    pub(crate) stale: bool,
    pub(crate) public: bool,
    pub(crate) internal: bool,
    pub(crate) without_team: bool,
    pub(crate) pci: Pci,
    pub(crate) alerts: Alerts,
    pub(crate) owners: Owners,
    pub(crate) descriptor: Descriptor,
    pub(crate) guard: Guard,
    /// Whether the rule is relaxed in the days to come.
    pub(crate) relaxed: bool,
    pub(crate) scanning: Scanning,
    /// Whether three services live in it, each in a folder of its own.
    pub(crate) monorepo: bool,
    /// Whether nobody looks for secrets.
    pub(crate) leaks_unseen: bool,
}

/// Hands the flaws out. The first three in ten repositories are services, the rest are everything else a company keeps.
pub(crate) fn assign(seed: u64, count: usize) -> Vec<Traits> {
    let services = (count * 3).div_ceil(10);
    let mut traits: Vec<Traits> = (0..count).map(|index| Traits { service: index < services, ..Traits::default() }).collect();
    // Shares in thousandths; `take` never gives a repository away twice, so flaws that exclude each other stay apart.
    let share = |thousandths: usize| (count * thousandths + 500) / 1000;
    let mut others = shuffled(seed, "others", services..count);
    let mut take = |thousandths: usize| -> Vec<usize> { others.by_ref().take(share(thousandths)).collect() };
    for index in take(60) {
        traits[index].archived = Archived::LongAgo;
    }
    for index in take(10) {
        traits[index].archived = Archived::Soon;
    }
    for index in take(10) {
        traits[index].empty = true;
    }
    for index in take(30) {
        traits[index].fork = true;
    }
    for index in take(15) {
        traits[index].template = true;
    }
    for index in take(80) {
        traits[index].stale = true;
    }
    for index in take(40) {
        traits[index].alerts = Alerts::Disabled;
    }
    for index in take(20) {
        traits[index].alerts = Alerts::NotVisible;
    }
    // These may fall on any repository that is not a service, whatever else it has.
    let mut seen = shuffled(seed, "seen", services..count);
    for index in seen.by_ref().take(share(40)) {
        traits[index].public = true;
    }
    for index in seen.by_ref().take(share(100)) {
        traits[index].internal = true;
    }
    for index in seen.take(share(50)) {
        traits[index].pci = Pci::Unset;
    }
    for index in shuffled(seed, "teamless", 0..count).take(share(70)) {
        traits[index].without_team = true;
    }
    for (rank, index) in shuffled(seed, "pci", 0..services).take(share(120)).enumerate() {
        traits[index].pci = Pci::InScope;
        traits[index].alerts = match rank % 6 {
            0 => Alerts::Overdue,
            1 => Alerts::Disabled,
            3 => Alerts::NotVisible,
            5 => Alerts::Clean,
            _ => Alerts::Open,
        };
    }
    assign_owners(seed, &mut traits);
    assign_guards(seed, &mut traits);
    assign_scanning(seed, &mut traits);
    // The first that has nothing else to tell, so that whoever looks for its services is not misled.
    let plain = |traits: &Traits| {
        let usual = traits.archived == Archived::Never && traits.owners == Owners::Usual && traits.descriptor == Descriptor::Natural;
        let odd = traits.service || traits.empty || traits.fork || traits.template || traits.stale || traits.public || traits.without_team;
        usual && !odd && traits.alerts != Alerts::NotVisible
    };
    if let Some(place) = (services + FAMILIAR..count).find(|index| plain(&traits[*index])) {
        traits[place].monorepo = true;
    }
    traits
}

fn assign_owners(seed: u64, traits: &mut [Traits]) {
    let share = |thousandths: usize| (traits.len() * thousandths + 500) / 1000;
    let sizes = [
        (Owners::Nowhere, share(250)),
        (Owners::AtRoot, share(150)),
        (Owners::InDocs, share(40)),
        (Owners::TwoPlaces, share(30)),
        (Owners::TooLarge, share(10)),
        (Owners::UnknownTeam, share(25)),
        (Owners::BlindTeam, share(20)),
        (Owners::LeftPerson, share(30)),
        (Owners::SyntaxErrors, share(20)),
    ];
    let (read_only, descriptors) = (share(20), share(25));
    let more_descriptors = [
        (Descriptor::WithoutOwner, share(15)),
        (Descriptor::WrongKind, share(10)),
        (Descriptor::InvalidName, share(10)),
        (Descriptor::Duplicate, share(10)),
        (Descriptor::Remark, share(15)),
        (Descriptor::UserOwner, share(15)),
    ];
    // The auditors may read services only, and no team at all is asked about a repository that has none.
    let services = filled(seed, "read-only owners", traits).into_iter().filter(|index| traits[*index].service);
    for index in services.take(read_only).collect::<Vec<_>>() {
        traits[index].owners = Owners::ReadOnlyTeam;
    }
    let mut rest = filled(seed, "owners", traits).into_iter().filter(|index| traits[*index].owners == Owners::Usual).collect::<Vec<_>>();
    for (owners, size) in sizes {
        for index in rest.drain(..size.min(rest.len())) {
            traits[index].owners = owners;
        }
    }
    let mut described = filled(seed, "descriptors", traits).into_iter();
    for (place, index) in described.by_ref().take(2 * descriptors).enumerate() {
        traits[index].descriptor = if place % 2 == 0 { Descriptor::Broken } else { Descriptor::UnknownOwner };
    }
    for (flaw, size) in more_descriptors {
        for index in described.by_ref().take(size) {
            traits[index].descriptor = flaw;
        }
    }
}

fn assign_guards(seed: u64, traits: &mut [Traits]) {
    let share = |thousandths: usize| (traits.len() * thousandths + 500) / 1000;
    let sizes = [
        (Guard::Nothing, share(120)),
        (Guard::Ruleset, share(120)),
        (Guard::Both, share(60)),
        (Guard::Evaluating, share(30)),
        (Guard::Disabled, share(20)),
        (Guard::Excluding, share(20)),
        (Guard::Missing, share(30)),
        (Guard::Bypassed, share(50)),
        (Guard::RulesetBypassed, share(40)),
        (Guard::ChecksOff, share(50)),
        (Guard::Weak, share(40)),
        (Guard::Wildcard, share(40)),
    ];
    let relaxed = share(10);
    let mut rest = filled(seed, "guards", traits);
    // A public repository comes first: the one without protection that everyone should hear of.
    if let Some(place) = rest.iter().position(|index| traits[*index].public) {
        rest.swap(0, place);
    }
    for (guard, size) in sizes {
        for index in rest.drain(..size.min(rest.len())) {
            traits[index].guard = guard;
        }
    }
    let ruled = rest.into_iter().filter(|index| traits[*index].archived == Archived::Never && traits[*index].alerts != Alerts::NotVisible);
    for index in ruled.take(relaxed).collect::<Vec<_>>() {
        traits[index].relaxed = true;
    }
}

fn assign_scanning(seed: u64, traits: &mut [Traits]) {
    let share = |thousandths: usize| (traits.len() * thousandths + 500) / 1000;
    let (services_off, others_off, never, unseen) = (share(30), share(300), share(40), share(200));
    let order = filled(seed, "scanning", traits);
    let (services, others): (Vec<usize>, Vec<usize>) = order.into_iter().partition(|index| traits[*index].service);
    for index in services.iter().take(services_off).chain(others.iter().take(others_off)) {
        traits[*index].scanning = Scanning::Off;
    }
    for index in services.iter().skip(services_off).take(never / 2).chain(others.iter().skip(others_off).take(never - never / 2)) {
        traits[*index].scanning = Scanning::NeverRan;
    }
    for index in filled(seed, "leaks", traits).into_iter().take(unseen) {
        traits[index].leaks_unseen = true;
    }
}

/// The repositories that are not empty, in an order that only the seed decides.
fn filled(seed: u64, topic: &str, traits: &[Traits]) -> Vec<usize> {
    shuffled(seed, topic, 0..traits.len()).filter(|index| !traits[*index].empty).collect()
}

/// The numbers of a range in an order that only the seed decides.
pub(super) fn shuffled(seed: u64, topic: &str, range: std::ops::Range<usize>) -> std::vec::IntoIter<usize> {
    let mut numbers: Vec<usize> = range.collect();
    random::rng(seed, topic, &[]).shuffle(&mut numbers);
    numbers.into_iter()
}
