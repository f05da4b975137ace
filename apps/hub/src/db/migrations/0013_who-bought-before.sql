-- Buyers' orders are listed by whoever processes them; whether one counts is all that changes.
grant select, insert, update (counts) on order_buyers to upline_app;

-- Orders so far knew one hash of their buyer.
insert into order_buyers (company_id, buyer_hash, placed_at, tie, order_no, counts)
select company_id, buyer_hash, placed_at,
       lpad(length(platform_order_id)::text, 3, '0') || platform_order_id || ' ' || platform || ' ' || store_id, order_no, stage <> 'void'
  from orders where buyer_hash is not null;
