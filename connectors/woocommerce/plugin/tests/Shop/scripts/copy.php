<?php

/** A copy of a connected shop: an order in it, then what its owner says of it, then another order. */

declare(strict_types=1);

use Upline\WooCommerce\Connect\Handshake;
use Upline\WooCommerce\Connect\Hub;
use Upline\WooCommerce\Connect\Store;
use Upline\WooCommerce\Sync\Courier;
use Upline\WooCommerce\Sync\Health;
use Upline\WooCommerce\Sync\Journal;
use Upline\WooCommerce\Sync\Outbox;
use Upline\WooCommerce\Sync\Representation;

require __DIR__ . '/shop.php';

$asked = [];
answerAsHub(static function (string $method, array $body, string $path) use (&$asked, $input): array {
    $asked[] = [$method, $path, $body['url'] ?? ($body['data']['source']['url'] ?? null), $body['from'] ?? null];
    if ($path === '/connect') {
        $previous = $body['previousStore'] ?? null;

        return [200, ['store' => $previous ?? 'st_new', 'ingestUrl' => 'https://hub.test/ingest/woocommerce/st_new',
            'secret' => 'whsec_' . base64_encode('secret'), 'token' => 'upt_newnewnewnew', 'company' => 'Test Company']];
    }
    if ($path === '/connect/moved') {
        return [$input['movedStatus'] ?? 200, ['store' => 'st_test']];
    }
    if (($input['hubRefuses'] ?? false) && strpos($path, '/ingest/') === 0) {
        return [409, ['type' => 'urn:upline:error:copied-shop', 'code' => 'copied-shop', 'knownUrl' => 'https://live.example']];
    }

    return [200, []];
});
connectShop();
$store = new Store();
if ($input['isCopy'] ?? true) {
    update_option(Store::OPTION, array_merge(get_option(Store::OPTION), ['url' => 'https://live.example']));
}
$outbox = new Outbox();
$health = new Health();
$hub = new Hub($store);
$handshake = new Handshake($store, $hub, $health, $outbox);
$courier = new Courier($outbox, new Representation(), $hub, $health, new Journal(), $store);
$before = orderOf()->get_id();
$courier->run(5);
$waitingBefore = rowsOfOrder($before);
$problem = '';
switch ($input['says'] ?? '') {
    case 'silence':
        $store->silence();
        $outbox->clear();
        break;
    case 'moved':
        $problem = $handshake->moved();
        break;
    case 'moved, then connected':
        $handshake->disconnect();
        $handshake->connect(rtrim(strtr(base64_encode('https://hub.test'), '+/', '-_'), '=') . '.code', '', true);
        break;
    case 'connected for itself':
        $handshake->connect(rtrim(strtr(base64_encode('https://hub.test'), '+/', '-_'), '=') . '.code', '', false);
        break;
    case 'disconnect':
        $handshake->disconnect();
        break;
}
$after = orderOf()->get_id();
$courier->run(5);
say([
    'asked' => $asked,
    'problem' => $problem,
    'waitingBefore' => count($waitingBefore),
    'waitingAfter' => count(rowsOfOrder($before)) + count(rowsOfOrder($after)),
    'isHere' => $store->isHere(),
    'store' => $store->storeId(),
    'isNew' => $store->isNewToItsHub(),
    'known' => $store->knownAddress(),
    'home' => get_option('home'),
    'state' => $waitingBefore[0]['state'] ?? '',
]);
$store->forget();
delete_option(Store::BEFORE);
