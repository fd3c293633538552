-- severity: fail
-- title: running services of which nothing is said of one kind of partner
-- remedy: a join in judge_services_without of dim_service_links lost services; a service without a partner has a row that says so
with services as (
    select * from dim_services where is_running
),

links as (
    select * from dim_service_links
),

list_kinds as (
    select *
    from (
        values ('component'), ('repository'), ('team'), ('pagerduty_service'), ('datadog_service'), ('kubernetes_label')
    ) as kinds (target_type)
)

select services.service, kinds.target_type
from services
cross join list_kinds as kinds
left join links
    on services.service = links.service
    and kinds.target_type = links.target_type
where links.service is null
