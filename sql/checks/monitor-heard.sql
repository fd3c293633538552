-- title: What calls people can be heard
-- question: Is no monitor that calls people silenced without an end, and at least one not at all?
-- area: detect
-- subject: service
-- weight: high
-- level: silver
-- applies_to: running services with a monitor that calls people
-- remedy: Unmute the monitor in Datadog, or give the silence an end; the question muted-monitors lists them.
-- owner: platform
-- version: 1

select
    service as subject_id,
    case
        when n_endless_silences > 0 or (has_paging_monitor and has_heard_paging_monitor = false) then 'fail'
        when has_paging_monitor = false then 'not_applicable'
        when n_endless_silences = 0 and has_heard_paging_monitor then 'pass'
        else 'unknown'
    end as status,
    case
        when n_endless_silences > 0 then 'a monitor that calls people is silenced, and nobody said until when'
        when has_paging_monitor and has_heard_paging_monitor = false then 'every monitor of it that calls people is silenced'
        when has_paging_monitor = false then 'no monitor of it calls people'
        when n_endless_silences = 0 and has_heard_paging_monitor then 'none that calls people is silenced without an end'
        else 'monitors or downtimes of Datadog were not read to the end'
    end as reason,
    cast(
        json_object('paging', n_paging_monitors, 'silenced_without_end', n_endless_silences, 'unread_tables', unread_tables) as varchar
    ) as evidence
from fct_service_monitoring
where is_running
