-- The schema that every measurement is compared with: what Upline's tables were when the measuring began. It is never
-- changed, so that figures of any two days can be compared, and so that leaner tables of ours do not raise the bar.
create schema bench;

create table bench.inbox (
  company_id integer not null,
  delivery_id bigint generated always as identity primary key,
  store_id text not null,
  topic text not null,
  platform_delivery_id text,
  encoding text not null default 'utf8' check (encoding in ('utf8', 'base64')),
  body text not null,
  received_at timestamptz not null default now()
) with (toast_tuple_target = 8160);
alter table bench.inbox alter column body set storage external;

create table bench.inbox_outcomes (
  company_id integer not null,
  delivery_id bigint primary key,
  outcome text not null check (outcome in ('applied', 'duplicate', 'outdated', 'hint', 'ignored', 'shop', 'dead')),
  order_no bigint,
  detail text,
  processed_at timestamptz not null default now()
);
create index on bench.inbox_outcomes (company_id, delivery_id) where outcome = 'dead';
create index on bench.inbox_outcomes (company_id, order_no) where order_no is not null;
create index on bench.inbox_outcomes (company_id, delivery_id) where outcome = 'hint' and detail like 'order %';

create table bench.orders (
  company_id integer not null,
  order_no bigint not null,
  store_id text not null,
  platform text not null,
  platform_order_id text not null,
  order_name text not null,
  revision integer not null,
  revision_at timestamptz not null,
  revision_tie text not null,
  state_hash text not null,
  stage text not null check (stage in ('pending', 'earned', 'void')),
  platform_status text not null,
  placed_at timestamptz not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  total_minor bigint not null,
  net_minor bigint not null,
  refunded_net_minor bigint not null,
  distributor_no integer,
  unresolved boolean not null default false,
  self_purchase boolean not null default false,
  referral_code text,
  buyer_hash text,
  quarantined_lines integer not null default 0,
  recorded_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (company_id, order_no),
  unique (company_id, store_id, platform_order_id)
);

create table bench.order_revisions (
  company_id integer not null,
  order_no bigint not null,
  revision integer not null,
  delivery_id bigint,
  cause text not null check (cause in ('delivery', 'api', 'remap', 'reattribution', 'reconcile')),
  snapshot text not null,
  recorded_at timestamptz not null default now(),
  primary key (company_id, order_no, revision)
) with (toast_tuple_target = 8160);
alter table bench.order_revisions alter column snapshot set storage external;

create table bench.transfers (
  company_id integer not null,
  source_kind smallint not null,
  source_no bigint not null,
  revision integer not null,
  seq smallint not null,
  transfer_id bigint generated always as identity,
  kind text not null check (kind in ('commission', 'clawback', 'breakage', 'breakage-clawback')),
  entry_key text not null,
  distributor_no integer not null,
  debit_owner integer not null,
  debit_account smallint not null,
  credit_owner integer not null,
  credit_account smallint not null,
  amount bigint not null check (amount > 0),
  currency char(3) not null,
  effective_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  recorded_xid xid8 not null default pg_current_xact_id(),
  primary key (company_id, source_kind, source_no, revision, seq),
  check (debit_owner <> credit_owner or debit_account <> credit_account)
);
create unique index on bench.transfers (company_id, transfer_id);
create index on bench.transfers (company_id, distributor_no, transfer_id);

create sequence bench.numbers;
