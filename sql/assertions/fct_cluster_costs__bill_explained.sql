-- severity: fail
-- title: clusters that are called reconciled or not without a bill that is final
-- remedy: restore the rule in fct_cluster_costs: without a final bill nothing is reconciled, and nothing is not
with clusters as (
    select * from fct_cluster_costs
)

select date, cluster, billed_cost_usd, is_bill_final, reconciliation_ratio, is_reconciled
from clusters
where (is_reconciled is not null and (billed_cost_usd is null or is_bill_final is distinct from true))
    or (billed_cost_usd is null and (reconciliation_ratio is not null or is_bill_final is not null))
