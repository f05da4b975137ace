-- Indexes of fragments, three letters at a time: trusted, so that the database's owner may add it. In a schema of its own, because ours
-- is ours alone.
create schema if not exists extensions;
--> statement-breakpoint
create extension if not exists pg_trgm schema extensions;
