/** `pnpm chaos --kills 60 --outages 10`: kills, outages of the database and poison under load, and then the account. */
import "../apps/hub/src/chaos/main.ts";
