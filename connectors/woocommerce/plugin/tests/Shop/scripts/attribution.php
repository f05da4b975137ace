<?php

/** One order as the checkout writes it: by a link, a coupon, what the buyer typed; and what mails say of it. */

declare(strict_types=1);

use Upline\WooCommerce\Capture\Coupons;
use Upline\WooCommerce\Capture\Directory;
use Upline\WooCommerce\Capture\Evidence;
use Upline\WooCommerce\Capture\OrderReferral;
use Upline\WooCommerce\Capture\ReferralCookie;
use Upline\WooCommerce\Connect\Hub;
use Upline\WooCommerce\Connect\Store;
use Upline\WooCommerce\Settings;

require __DIR__ . '/shop.php';

$known = ['ANNA77' => 'Anna M.', 'BEN12' => 'Ben K.', 'CARLA9' => 'Carla W.'];
answerAsHub(static function (string $method, array $body, string $path) use ($known, $input): array {
    $code = strncmp($path, '/connect/referrals/', 19) === 0 ? substr($path, 19) : '';
    if ($path === '/connect/test') {
        return [200, ['ok' => true, 'company' => 'Test', 'evidenceOrder' => $input['order'] ?? null]];
    }
    if ($code === '') {
        return [202, []];
    }

    return isset($known[$code]) ? [200, ['code' => $code, 'displayName' => $known[$code], 'active' => true]] : [404, []];
});
connectShop();
$store = new Store();
$hub = new Hub($store);
$hub->test();
$settings = new Settings();
$directory = new Directory($hub, $store);
$referral = new OrderReferral($directory, $settings);
$evidence = new Evidence($settings, new ReferralCookie($settings), new Coupons($directory), $referral, $directory, $store);
foreach (array_merge(array_keys($known), ['NOSUCH9']) as $code) {
    delete_transient('upline_ref_' . md5($code));
}
foreach ($input['lookedUp'] ?? [] as $code) {
    $directory->lookUp($code);
}
if (isset($input['cookie'])) {
    $touch = [$input['cookie'], time() - 100, '/', 'cookie'];
    $_COOKIE[ReferralCookie::NAME] = wp_slash((string) json_encode(['f' => $touch, 'l' => $touch]));
}
if (isset($input['coupon']) && wc_get_coupon_id_by_code('test-coupon') === 0) {
    $coupon = new WC_Coupon();
    $coupon->set_code('test-coupon');
    $coupon->set_amount('1');
    $coupon->save();
}
if (isset($input['coupon'])) {
    $coupon = new WC_Coupon('test-coupon');
    $coupon->update_meta_data(OrderReferral::CODE, $input['coupon']);
    $coupon->save();
}
$typed = $input['typed'] ?? null;
$problem = $evidence->problem($typed);
$order = orderOf(['status' => 'processing']);
$order->set_billing_email('eva@example.test');
if (isset($input['coupon'])) {
    $item = new WC_Order_Item_Coupon();
    $item->set_code('test-coupon');
    $order->add_item($item);
}
$evidence->writeTo($order, $typed);
$order->save();
do_action('woocommerce_order_save_attribution_data', $order, [
    'type' => 'utm', 'source' => 'news', 'session_entry' => home_url('/tea/?ref=ANNA77&utm_source=news'),
    'utm_source' => 'news',
]);
if ($input['cleared'] ?? false) {
    $referral->writeNobody($order, OrderReferral::BY_SHOP);
    $order->save();
}
$mails = [];
foreach (['shop' => 'WC_Email_New_Order', 'buyer' => 'WC_Email_Customer_Processing_Order'] as $to => $class) {
    $mail = WC()->mailer()->emails[$class];
    $mail->object = wc_get_order($order->get_id());
    $mails[$to] = wp_strip_all_tags($mail->get_content_html());
}
$saved = wc_get_order($order->get_id());
say([
    'problem' => $problem,
    'code' => (string) $saved->get_meta(OrderReferral::CODE),
    'via' => (string) $saved->get_meta(OrderReferral::VIA),
    'nobody' => (string) $saved->get_meta(OrderReferral::NOBODY),
    'touch' => json_decode((string) $saved->get_meta(OrderReferral::TOUCH), true),
    'landing' => substr((string) $saved->get_meta('_wc_order_attribution_session_entry'), strlen(home_url())),
    'mails' => $mails,
    'woocommerce' => WC_VERSION,
]);
$store->forget();
