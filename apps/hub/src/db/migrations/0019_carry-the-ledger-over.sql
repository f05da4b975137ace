-- The transfers so far become rows of numbers, and both views say them in the same words as before.

insert into ledger_words (company_id, word)
select distinct company_id, split_part(entry_key, ':', 1) from transfers;--> statement-breakpoint

-- An order's entry is bonus:line:level:earner. Of these only a line or an earner can hold a colon, and the earner is known.
create temporary table carried_keys on commit drop as
select k.*, k.line ~ '^(0|[1-9][0-9]{0,17})$' as is_number
  from (
    select t.company_id, t.source_kind, t.source_no, t.revision, t.seq, split_part(t.entry_key, ':', 1) as bonus,
           (regexp_match(h.head, '^[^:]*:(.*):([0-9]+)$'))[1] as line, (regexp_match(h.head, '^[^:]*:(.*):([0-9]+)$'))[2]::integer as level
      from transfers t
      left join distributors d on d.company_id = t.company_id and d.distributor_no = t.distributor_no
     cross join lateral (
       select left(t.entry_key, -1 - length(coalesce(d.distributor_id, 'company'))) as head) h
     where t.source_kind = 1) k;--> statement-breakpoint

insert into ledger_words (company_id, word)
select distinct company_id, line from carried_keys where not is_number
    on conflict (company_id, word) do nothing;--> statement-breakpoint

insert into transfer_rows (source_no, line, amount, effective_at, recorded_at, recorded_xid, transfer_id, company_id, revision, distributor_no,
  bonus_no, level, source_kind, seq, kind_no, currency_no, debit_account, credit_account)
overriding system value
select t.source_no, case when k.is_number then k.line::bigint when k.line is not null then -l.word_no else 0 end, t.amount, t.effective_at,
       t.recorded_at, t.recorded_xid, t.transfer_id, t.company_id, t.revision, t.distributor_no, b.word_no, coalesce(k.level, 0), t.source_kind,
       t.seq, array_position(array['commission', 'clawback', 'breakage', 'breakage-clawback'], t.kind),
       (ascii(t.currency) - 65) * 676 + (ascii(substr(t.currency, 2)) - 65) * 26 + ascii(substr(t.currency, 3)) - 65,
       t.debit_account, t.credit_account
  from transfers t
  join ledger_words b on b.company_id = t.company_id and b.word = split_part(t.entry_key, ':', 1)
  left join carried_keys k on k.company_id = t.company_id and k.source_kind = t.source_kind and k.source_no = t.source_no
   and k.revision = t.revision and k.seq = t.seq
  left join ledger_words l on l.company_id = k.company_id and l.word = k.line
 order by t.transfer_id;--> statement-breakpoint

analyze transfer_rows, ledger_words;--> statement-breakpoint

select setval(pg_get_serial_sequence('transfer_rows', 'transfer_id'), max(transfer_id)) from transfer_rows having count(*) > 0;--> statement-breakpoint

drop view ledger;--> statement-breakpoint
alter table transfers rename to transfers_before;--> statement-breakpoint

-- Three capital letters are a number to the base of 26, which fits in two bytes.
create function currency_code(no smallint) returns char(3) language sql immutable parallel safe as $$
  select (chr(65 + no / 676) || chr(65 + no / 26 % 26) || chr(65 + no % 26))::char(3)
$$;--> statement-breakpoint

-- Every row in words. A join that nobody asks a word of costs nothing: the planner leaves it out.
create view transfers with (security_invoker = true) as
  select t.company_id, t.source_kind, t.source_no, t.revision, t.seq, t.transfer_id,
         (array['commission', 'clawback', 'breakage', 'breakage-clawback'])[t.kind_no] as kind,
         case t.source_kind
           when 1 then b.word || ':' || coalesce(l.word, t.line::text) || ':' || t.level || ':' || coalesce(d.distributor_id, 'company')
           when 2 then b.word || ':' || p.name
           else b.word end as entry_key,
         b.word as bonus_id,
         case when t.source_kind = 1 then coalesce(l.word, t.line::text) end as line_id,
         t.level,
         t.distributor_no,
         d.distributor_id,
         case when t.debit_account < 10 then t.distributor_no else 0 end as debit_owner,
         t.debit_account,
         case when t.credit_account < 10 then t.distributor_no else 0 end as credit_owner,
         t.credit_account,
         t.amount,
         currency_code(t.currency_no) as currency,
         t.effective_at,
         t.recorded_at,
         t.recorded_xid,
         t.kind_no,
         t.currency_no
    from transfer_rows t
    left join ledger_words b on b.company_id = t.company_id and b.word_no = t.bonus_no
    left join ledger_words l on l.company_id = t.company_id and l.word_no = -t.line
    left join distributors d on d.company_id = t.company_id and d.distributor_no = t.distributor_no
    left join close_runs c on c.company_id = t.company_id and c.run_no = t.source_no and t.source_kind = 2
    left join periods p on p.company_id = c.company_id and p.period_no = c.period_no;--> statement-breakpoint

-- The document's ledger: event_id, order_id, distributor_id, amount, calc_snapshot_json.
-- Of an order's rows it says their order, of a close's rows their run.
create view ledger with (security_invoker = true) as
  select t.company_id,
         t.transfer_id as event_id,
         case when t.source_kind = 1 then t.source_no end as order_id,
         t.distributor_id,
         case when t.kind_no in (1, 3) then t.amount else -t.amount end as amount_minor,
         t.currency,
         t.kind,
         t.entry_key,
         t.effective_at,
         t.recorded_at,
         coalesce(r.snapshot, case when c.run_no is not null then jsonb_build_object('format', 'upline-close/1', 'run', c.run_no,
           'period', c.period_no, 'plan_hash', c.plan_hash, 'input_hash', c.input_hash, 'output_hash', c.output_hash)::text end)
           as calc_snapshot_json,
         t.source_kind,
         t.source_no,
         t.distributor_no
    from transfers t
    left join order_revisions r
      on r.company_id = t.company_id and r.order_no = t.source_no and r.revision = t.revision and t.source_kind = 1
    left join close_runs c on c.company_id = t.company_id and c.run_no = t.source_no and t.source_kind = 2;--> statement-breakpoint

-- Whatever would not be said as before undoes all of this.
do $$
declare wrong bigint;
begin
  select count(*) into wrong
    from transfers_before b
    left join transfers t using (company_id, source_kind, source_no, revision, seq)
   where (b.transfer_id, b.kind, b.entry_key, b.distributor_no, b.debit_owner, b.debit_account, b.credit_owner, b.credit_account, b.amount,
          b.currency, b.effective_at, b.recorded_at, b.recorded_xid)
         is distinct from
         (t.transfer_id, t.kind, t.entry_key, t.distributor_no, t.debit_owner, t.debit_account, t.credit_owner, t.credit_account, t.amount,
          t.currency, t.effective_at, t.recorded_at, t.recorded_xid);
  if wrong > 0 then
    raise exception '% transfers cannot be carried over: they are none that Upline wrote', wrong using errcode = 'data_exception';
  end if;
end $$;--> statement-breakpoint

drop table transfers_before;--> statement-breakpoint

create trigger append_only before update or delete on transfer_rows for each row execute function refuse_change();--> statement-breakpoint
create trigger append_only_truncate before truncate on transfer_rows for each statement execute function refuse_change();--> statement-breakpoint
create trigger append_only before update or delete on ledger_words for each row execute function refuse_change();--> statement-breakpoint
create trigger append_only_truncate before truncate on ledger_words for each statement execute function refuse_change();--> statement-breakpoint

grant select, insert on transfer_rows, ledger_words to upline_app;--> statement-breakpoint
grant select on transfers, ledger to upline_app;
