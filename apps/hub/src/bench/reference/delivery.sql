-- One delivery with a body of 6,000 characters, committed by itself. Never changed.
insert into bench.inbox (company_id, store_id, topic, encoding, body) values (1, 'st_bench', 'orders/paid', 'utf8', repeat('x', 6000));
