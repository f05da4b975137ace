ALTER TABLE "standings" DROP CONSTRAINT "standings_distributor";
