-- One row per repository, snapshot date, go.mod and module it names: its own, go, toolchain, and each it requires, replacements applied.
-- A go.mod that cannot be read as one has one row, go, without a version, and so has a go.mod without a line go beside its others.
-- grain: repository_id, snapshot_date, path, module_path
-- kind: view
-- owner: platform
-- columns:
--   repository_id           GitHub's number of the repository
--   snapshot_date           date of the snapshot
--   full_name               organization/name on that date
--   path                    path of the go.mod
--   module_path             path of the module as required; go and toolchain for the language
--   directive               module, go, toolchain or require
--   module_family           the module without its major version, in small letters: what all its versions have in common
--   required_version        version required; null when it is not given or not readable
--   used_version            version used: that of the replacement, if any; null when replaced by a folder
--   used_family             family of what is used: another one when replaced by a fork
--   is_replaced             a replace line applies
--   is_replaced_by_folder   by a folder, so that no version is used
--   is_indirect             only required by what it requires
--   is_parsable             the go.mod could be read as one
with files as (
    select * from stg_github__repository_files where kind = 'go_mod'
),

lines as (
    select * from int_go_mod_lines
),

-- A line outside of every directive, a block that does not end, or no module: Go itself would refuse such a file.
judge_files as (
    select
        files.repository_id,
        files.snapshot_date,
        files.full_name,
        files.path,
        count(case when lines.directive = 'module' and lines.value <> '' then 1 end) = 1
            and count(case when lines.line_number is not null and lines.directive is null then 1 end) = 0
            and count(case when lines.directive = ')' then 1 end)
            = count(case when lines.directive <> ')' and lines.value = '' then 1 end) as is_parsable,
        count(case when lines.directive = 'go' and lines.value <> '' then 1 end) > 0 as has_go_line
    from files
    left join lines
        on files.repository_id = lines.repository_id
        and files.snapshot_date = lines.snapshot_date
        and files.path = lines.path
    group by files.repository_id, files.snapshot_date, files.full_name, files.path
),

split_values as (
    select
        *,
        split_part(value, ' ', 1) as first_word,
        nullif(split_part(value, ' ', 2), '') as second_word
    from lines
    where value <> ''
),

-- The newest line counts where one module is named twice, as Go raises a version to the highest that is asked for.
list_modules as (
    select
        repository_id,
        snapshot_date,
        path,
        line_number,
        directive,
        case when directive in ('go', 'toolchain') then directive else first_word end as module_path,
        case directive
            when 'go' then first_word
            when 'toolchain' then regexp_replace(first_word, '^go', '')
            when 'require' then second_word
        end as required_version,
        is_indirect
    from split_values
    where directive in ('module', 'go', 'toolchain', 'require')
    union all
    select
        repository_id,
        snapshot_date,
        path,
        0 as line_number,
        'go' as directive,
        'go' as module_path,
        null as required_version,
        false as is_indirect
    from judge_files
    where not has_go_line
),

rank_modules as (
    select
        *,
        row_number() over (
            partition by repository_id, snapshot_date, path, module_path order by line_number desc
        ) as line_rank
    from list_modules
),

-- `a => b v`, or `a v => b v` for that version alone; b without a version is a folder.
list_replacements as (
    select
        repository_id,
        snapshot_date,
        path,
        line_number,
        split_part(split_part(value, ' => ', 1), ' ', 1) as module_path,
        nullif(split_part(split_part(value, ' => ', 1), ' ', 2), '') as only_version,
        split_part(split_part(value, ' => ', 2), ' ', 1) as new_path,
        nullif(split_part(split_part(value, ' => ', 2), ' ', 2), '') as new_version
    from split_values
    where directive = 'replace' and value like '% => %'
),

apply_replacements as (
    select
        modules.*,
        replacements.new_path,
        replacements.new_version,
        replacements.module_path is not null as is_replaced,
        row_number() over (
            partition by modules.repository_id, modules.snapshot_date, modules.path, modules.module_path
            order by replacements.only_version nulls last, replacements.line_number desc
        ) as replacement_rank
    from rank_modules as modules
    left join list_replacements as replacements
        on modules.repository_id = replacements.repository_id
        and modules.snapshot_date = replacements.snapshot_date
        and modules.path = replacements.path
        and modules.module_path = replacements.module_path
        and modules.directive = 'require'
        and (replacements.only_version is null or replacements.only_version = modules.required_version)
    where modules.line_rank = 1
),

choose_versions as (
    select
        *,
        case when is_replaced then new_version else required_version end as used_version,
        case when is_replaced and new_version is not null then new_path else module_path end as used_path
    from apply_replacements
    where replacement_rank = 1
),

int_go_modules as (
    select
        files.repository_id,
        files.snapshot_date,
        files.full_name,
        files.path,
        coalesce(modules.module_path, 'go') as module_path,
        coalesce(modules.directive, 'go') as directive,
        regexp_replace(lower(coalesce(modules.module_path, 'go')), '(/v[0-9]+|^(gopkg\.in/.*)\.v[0-9]+)$', '\2') as module_family,
        modules.required_version,
        modules.used_version,
        regexp_replace(lower(coalesce(modules.used_path, 'go')), '(/v[0-9]+|^(gopkg\.in/.*)\.v[0-9]+)$', '\2') as used_family,
        coalesce(modules.is_replaced, false) as is_replaced,
        coalesce(modules.is_replaced and modules.new_version is null, false) as is_replaced_by_folder,
        coalesce(modules.is_indirect, false) as is_indirect,
        files.is_parsable
    from judge_files as files
    left join choose_versions as modules
        on files.repository_id = modules.repository_id
        and files.snapshot_date = modules.snapshot_date
        and files.path = modules.path
        and files.is_parsable
)

select * from int_go_modules
