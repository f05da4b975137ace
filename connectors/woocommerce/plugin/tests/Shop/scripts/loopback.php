<?php

/** A shop that cannot reach itself, and then can. */

declare(strict_types=1);

use Upline\WooCommerce\Sync\Loopback;

require __DIR__ . '/shop.php';

delete_transient('upline_loopback_failed');
$server = stream_socket_server('tcp://127.0.0.1:0');
$address = stream_socket_get_name($server, false);
fclose($server);
add_filter('upline_loopback_url', static function () use ($address): string {
    return 'http://' . $address . '/wp-json/upline/v1/deliver';
});
$loopback = new Loopback();
$first = $loopback->kick();
$server = stream_socket_server('tcp://' . $address);
$second = $loopback->kick();
$read = [$server];
$nobody = null;
$cameAnyway = stream_select($read, $nobody, $nobody, 0, 300000) > 0;
delete_transient('upline_loopback_failed');
$third = $loopback->kick();
say(['first' => $first, 'second' => $second, 'cameAnyway' => $cameAnyway, 'afterForgetting' => $third]);
