-- Whoever seals asks with which key; the key of bodies is for the owner, who hands it on when the hub starts.
grant select (key_id) on hub_key to upline_app;
