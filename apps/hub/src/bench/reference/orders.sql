-- One commit of 50 orders: an order, its revision with a snapshot of 2,837 characters, four transfers and the delivery's outcome each. Never changed.
with n as materialized (select nextval('bench.numbers') as no from generate_series(1, 50)),
o as (insert into bench.orders (company_id, order_no, store_id, platform, platform_order_id, order_name, revision, revision_at, revision_tie, state_hash,
    stage, platform_status, placed_at, currency, total_minor, net_minor, refunded_net_minor, distributor_no, referral_code, buyer_hash)
  select 1, no, 'st_bench', 'shopify', cast(7000000000000 + no as text), '#' || no, 1, now(), 'tie', 'hash-of-forty-three-characters-base64url-xxxxx',
    'earned', 'paid', now(), 'EUR', 11876, 9980, 0, cast(no % 200 as int) + 1, 'CODE', 'hash-of-twenty-two-cha' from n),
r as (insert into bench.order_revisions (company_id, order_no, revision, delivery_id, cause, snapshot)
  select 1, no, 1, no, 'delivery', repeat('x', 2837) from n),
t as (insert into bench.transfers (company_id, source_kind, source_no, revision, seq, kind, entry_key, distributor_no, debit_owner, debit_account,
    credit_owner, credit_account, amount, currency, effective_at)
  select 1, 1, no, 1, s, 'commission', 'unilevel-70000000000011-' || s || '-D100', cast(no % 200 as int) + 1, 0, 10, cast(no % 200 as int) + 1, 1, 499, 'EUR', now()
    from n, generate_series(0, 3) as s)
insert into bench.inbox_outcomes (company_id, delivery_id, outcome, order_no) select 1, no, 'applied', no from n;
