-- severity: fail
-- title: containers whose memory reached its limit, and that are told to request less
-- remedy: look at recommend_requests in fct_rightsizing: what was OOM-killed requests more, or as much as now
with containers as (
    select * from fct_rightsizing
)

select cluster, namespace, controller_kind, controller, container, ram_request_bytes, recommended_ram_bytes
from containers
where is_limit_reached and recommended_ram_bytes < ram_request_bytes
