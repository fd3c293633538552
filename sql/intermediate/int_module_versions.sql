-- One row per snapshot date, module and version that a go.mod of that date names, or that the module's own repository has released by then,
-- taken apart by the rules of semantic versioning, with a text that sorts as versions do. A module's own repository is the one whose go.mod
-- says so, or that its path leads to on github.com. The targets of reference/version_targets.csv stand
-- among them, under their pattern. Go's own numbers count as well: 1.21 is 1.21.0, and 1.23rc1 is 1.23.0-rc1.
-- grain: snapshot_date, module_family, version
-- kind: view
-- owner: platform
-- columns:
--   snapshot_date    date of the snapshot
--   module_family    module without its major version, in small letters; the pattern of a target
--   version          version as written, such as v1.10.0-rc.1
--   is_target        a target, and not seen
--   major            first number; null when it is no version
--   minor            second number; null likewise
--   patch            third number, 0 where there is none; null likewise
--   prerelease       what follows the numbers, such as rc.1; null for a release
--   is_pseudo        names a commit and not a release
--   is_release       neither pseudo nor prerelease; false when it is no version
--   sort_key         sorts as versions do, as text; null when it is no version
with modules as (
    select * from int_go_modules
),

releases as (
    select * from stg_github__releases where not is_draft and not is_prerelease and published_at is not null
),

targets as (
    select * from reference.version_targets where target_version is not null
),

-- Go itself finds such a module by its path: host, owner, repository, and the folder within it.
locate_modules as (
    select distinct
        snapshot_date,
        module_family,
        split_part(module_family, '/', 2) || '/' || split_part(module_family, '/', 3) as repository,
        regexp_replace(module_family, '^[^/]+/[^/]+/[^/]+(/(.+))?$', '\2') || case
            when split_part(module_family, '/', 4) <> '' then '/' else ''
        end as folder
    from modules
    where directive = 'require' and module_family like 'github.com/%/%'
),

-- Modules below the root of a repository are released under tags with their folder in front. What reached the lake after a date was not
-- seen on it.
list_versions as (
    select snapshot_date, module_family, required_version as version, false as is_target
    from modules
    where required_version is not null
    union
    select snapshot_date, used_family as module_family, used_version as version, false as is_target
    from modules
    where used_version is not null
    union
    select
        modules.snapshot_date,
        modules.module_family,
        substr(releases.tag, len(modules.path) - len('go.mod') + 1) as version,
        false as is_target
    from modules
    inner join releases
        on modules.repository_id = releases.repository_id
        and releases.first_collected_on <= modules.snapshot_date
        and cast(releases.published_at as date) <= modules.snapshot_date
        and starts_with(releases.tag, substr(modules.path, 1, len(modules.path) - len('go.mod')))
    where modules.directive = 'module'
    union
    select
        located.snapshot_date,
        located.module_family,
        substr(releases.tag, len(located.folder) + 1) as version,
        false as is_target
    from locate_modules as located
    inner join releases
        on located.repository = lower(releases.full_name)
        and releases.first_collected_on <= located.snapshot_date
        and cast(releases.published_at as date) <= located.snapshot_date
        and starts_with(lower(releases.tag), located.folder)
    union
    select modules.snapshot_date, targets.module_pattern as module_family, targets.target_version as version, true as is_target
    from modules
    cross join targets
),

take_apart as (
    select
        *,
        regexp_extract(
            version,
            '^v?([0-9]{1,9})\.([0-9]{1,9})(?:\.([0-9]{1,9}))?(?:-([0-9A-Za-z.-]+)|((?:alpha|beta|rc)[0-9]+))?(?:\+[0-9A-Za-z.-]+)?$',
            ['major', 'minor', 'patch', 'dashed', 'joined']
        ) as parts
    from list_versions
),

name_parts as (
    select
        snapshot_date,
        module_family,
        version,
        is_target,
        try_cast(parts.major as bigint) as major,
        try_cast(parts.minor as bigint) as minor,
        case when parts.major <> '' then coalesce(try_cast(parts.patch as bigint), 0) end as patch,
        nullif(parts.dashed || parts.joined, '') as prerelease,
        regexp_matches(version, '[-.][0-9]{14}-[0-9a-f]{12}(\+incompatible)?$') as is_pseudo
    from take_apart
),

-- Of prereleases, numbers sort as numbers and before words, and fewer parts before more; a release sorts after all its prereleases.
encode_prereleases as (
    select
        *,
        array_to_string(
            list_transform(
                string_split(prerelease, '.'),
                lambda word: case when regexp_full_match(word, '[0-9]+') then '0' || lpad(word, 20, '0') else '1' || word end
            ),
            '!'
        ) as prerelease_key
    from name_parts
),

int_module_versions as (
    select
        snapshot_date,
        module_family,
        version,
        is_target,
        major,
        minor,
        patch,
        prerelease,
        is_pseudo,
        major is not null and prerelease is null as is_release,
        lpad(cast(major as varchar), 9, '0') || '.' || lpad(cast(minor as varchar), 9, '0') || '.' || lpad(cast(patch as varchar), 9, '0')
            || '-' || coalesce(prerelease_key, '~') as sort_key
    from encode_prereleases
)

select * from int_module_versions
