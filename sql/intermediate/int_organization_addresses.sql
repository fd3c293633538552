-- One row per organisation of GitHub with the address that it stands under, as service definitions of Datadog write the addresses of its repositories.
-- GitHub's own tables tell no address, and an Enterprise Server has one of its own: an organisation that no definition names has none here, nor has one that
-- is named under several.
-- grain: organization
-- kind: view
-- owner: platform
-- columns:
--   organization    login of the organisation, in lower case
--   address         its page, as https://host/login
with service_definitions as (
    select * from stg_datadog__service_definitions
),

split_addresses as (
    select regexp_extract(lower(urls.url), '([a-z0-9.-]*github[^/:]*)[/:]([^/]+)/[^/?#]+', ['host', 'organization']) as parts
    from service_definitions as definitions
    cross join unnest(definitions.repository_urls) as urls (url)
    where definitions.snapshot_date = (select max(snapshot_date) from service_definitions)
),

list_hosts as (
    select distinct parts.organization, regexp_replace(parts.host, '^www[.]', '') as host
    from split_addresses
    where parts.host <> ''
),

int_organization_addresses as (
    select organization, 'https://' || min(host) || '/' || organization as address
    from list_hosts
    group by organization
    having count(*) = 1
)

select * from int_organization_addresses
