-- How stores and the hub find each other, and what the hub asks of a store by itself.

-- One-time codes that connect a store to a company. The code is known to whoever was shown it; here is its hash.
create table connection_codes (
  company_id integer not null references companies,
  code_hash bytea primary key,
  made_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  store_id text
);

-- How a store is reached. Its REST key is encrypted at rest.
create table store_connections (
  company_id integer not null,
  store_id text not null,
  url text not null check (url ~ '^https?://'),
  -- Null where no plugin sends this store's orders: then its built-in webhooks are looked after.
  plugin_since timestamptz,
  versions jsonb not null default '{}',
  rest_key_ciphertext bytea,
  rest_since timestamptz,
  -- Whether the hub may set up the store's built-in webhooks, and look after them.
  wants_webhooks boolean not null default true,
  updated_at timestamptz not null default now(),
  primary key (company_id, store_id),
  foreign key (company_id, store_id) references stores
);

-- What a connected store shows when it asks the hub something.
create table store_tokens (
  company_id integer not null,
  store_id text not null,
  token_hash bytea primary key,
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  foreign key (company_id, store_id) references stores
);
create index store_tokens_by_store on store_tokens (company_id, store_id);

-- One-time states of key grants under way: what the store's answer is bound to.
create table store_grants (
  company_id integer not null,
  store_id text not null,
  state_hash bytea primary key,
  asked_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  foreign key (company_id, store_id) references stores
);

-- How far the hub has read a store by itself.
create table store_reads (
  company_id integer not null,
  store_id text not null,
  -- Changes up to this time of the store's own clock are reconciled.
  reconciled_until timestamptz,
  -- The known orders up to this one were compared by id; the next run goes on behind it.
  compared_after bigint not null default 0,
  started_at timestamptz,
  import_cursor text,
  import_done integer not null default 0,
  import_total integer not null default 0,
  import_finished_at timestamptz,
  primary key (company_id, store_id),
  foreign key (company_id, store_id) references stores
);

-- Every reconciliation: what was compared, what had to be healed, and what differs still.
create table reconciliations (
  company_id integer not null,
  reconciliation_no bigint generated always as identity,
  store_id text not null,
  outcome text not null check (outcome in ('finished', 'failed')),
  since timestamptz not null,
  until timestamptz,
  checked integer not null,
  healed integer not null,
  -- Σ|shop net − hub net| by currency, decimal texts: as found, and after healing.
  delta_before jsonb not null,
  delta jsonb not null,
  -- Orders that differ still, at most 100.
  discrepancies jsonb not null default '[]',
  webhooks jsonb not null default '[]',
  error text,
  started_at timestamptz not null,
  finished_at timestamptz not null default now(),
  primary key (company_id, reconciliation_no),
  foreign key (company_id, store_id) references stores
);
create index reconciliations_by_store on reconciliations (company_id, store_id, reconciliation_no);

-- Hints whose order the store was asked about.
create table answered_hints (
  company_id integer not null,
  delivery_id bigint primary key,
  answer text not null check (answer in ('order', 'deleted', 'draft')),
  answered_at timestamptz not null default now()
);
create index inbox_outcomes_order_hints on inbox_outcomes (company_id, delivery_id)
  where outcome = 'hint' and detail like 'order %';

create trigger append_only before update or delete on reconciliations for each row execute function refuse_change();
create trigger append_only_truncate before truncate on reconciliations for each statement execute function refuse_change();

do $$
declare name text;
begin
  foreach name in array array['connection_codes', 'store_connections', 'store_tokens', 'store_grants', 'store_reads',
    'reconciliations', 'answered_hints'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy own_company on %I to upline_app using (company_id = (select current_company())) with check (company_id = (select current_company()))', name);
    execute format('grant select, insert on %I to upline_app', name);
  end loop;
  -- Codes, tokens and states come before the company is known; the timer looks for stores of all companies.
  foreach name in array array['connection_codes', 'store_connections', 'store_tokens', 'store_grants', 'store_reads'] loop
    execute format('create policy any_company on %I to upline_gate using (true) with check (true)', name);
    execute format('grant select on %I to upline_gate', name);
  end loop;
end $$;

grant update (used_at, store_id) on connection_codes to upline_app;
grant update (used_at) on store_grants to upline_app;
grant update (revoked_at) on store_tokens to upline_app;
grant update on store_connections, store_reads to upline_app;
