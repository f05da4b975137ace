<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Admin;

use Upline\WooCommerce\Connect\Hub;
use Upline\WooCommerce\Connect\Store;
use Upline\WooCommerce\Guard;
use Upline\WooCommerce\Sync\Health;
use Upline\WooCommerce\Sync\Journal;
use Upline\WooCommerce\Sync\Loopback;
use Upline\WooCommerce\Sync\Outbox;
use Upline\WooCommerce\Sync\Schedule;
use Upline\WooCommerce\Sync\Tables;
use Upline\WooCommerce\Sync\Unwritten;
use WP_REST_Response;

/** How the deliveries are doing, on the page and refreshed by its script. */
final class HealthBox
{
    private const SHOWN = 50;
    /** Waiting this long is worth a word to the shop's people. */
    private const LATE_SECONDS = 1800;

    /** @var Outbox */
    private $outbox;
    /** @var Health */
    private $health;
    /** @var Journal */
    private $journal;
    /** @var Hub */
    private $hub;
    /** @var Loopback */
    private $loopback;
    /** @var Store */
    private $store;
    /** @var Schedule */
    private $schedule;

    public function __construct(
        Outbox $outbox,
        Health $health,
        Journal $journal,
        Hub $hub,
        Loopback $loopback,
        Store $store,
        Schedule $schedule
    ) {
        $this->schedule = $schedule;
        $this->outbox = $outbox;
        $this->health = $health;
        $this->journal = $journal;
        $this->hub = $hub;
        $this->loopback = $loopback;
        $this->store = $store;
    }

    public function listen(): void
    {
        add_action(Schedule::SWEEP, Guard::action([$this, 'askDaily']), 20);
        add_action('rest_api_init', Guard::action(function (): void {
            $mayManage = static function (): bool {
                return current_user_can(Screen::CAPABILITY);
            };
            register_rest_route('upline/v1', '/health', [
                'methods' => 'GET',
                'permission_callback' => $mayManage,
                'callback' => function (): WP_REST_Response {
                    return new WP_REST_Response(['html' => $this->html()]);
                },
            ]);
            register_rest_route('upline/v1', '/test', [
                'methods' => 'POST',
                'permission_callback' => $mayManage,
                'callback' => [$this, 'test'],
            ]);
        }));
    }

    /** What the company has changed in its hub since: once a day, by the sweep that runs anyway. */
    public function askDaily(): void
    {
        if ($this->store->mayDeliver() && get_transient('upline_asked_today') === false) {
            set_transient('upline_asked_today', 1, DAY_IN_SECONDS);
            $this->hub->test();
        }
    }

    public function html(): string
    {
        ob_start();
        Screen::view('health', [
            'isConnected' => $this->store->isConnected(),
            'counts' => $this->outbox->counts(),
            'health' => $this->health->read(),
            'alarm' => $this->alarm(),
            'isBroken' => $this->broken() !== '',
            'dead' => $this->outbox->dead(self::SHOWN),
            'journal' => $this->journal->latest(self::SHOWN),
        ]);

        return (string) ob_get_clean();
    }

    /** What is wrong, in one sentence; empty where all is well. */
    public function alarm(): string
    {
        $broken = $this->broken();
        if ($broken !== '') {
            return $broken;
        }
        $counts = $this->outbox->counts();
        if ($this->store->isConnected() && !$this->store->isHere()) {
            if ($this->store->isSilent()) {
                return '';
            }
            /* translators: %s: address of a shop */
            $text = __('This looks like a copy of %s: nothing is sent. Say whether it keeps silent or the shop has moved here.', 'upline-woocommerce');

            return sprintf($text, $this->store->knownAddress());
        }
        if ($this->isRefused()) {
            return __('The hub does not accept the keys of this shop any more. Connect it again with a new code; nothing is lost.', 'upline-woocommerce');
        }
        if ($counts['dead'] > 0) {
            /* translators: %d: number of deliveries */
            return sprintf(_n(
                '%d delivery was refused and waits for you.',
                '%d deliveries were refused and wait for you.',
                $counts['dead'],
                'upline-woocommerce'
            ), $counts['dead']);
        }
        if ($counts['waiting'] > 0 && time() - $counts['oldest'] > self::LATE_SECONDS) {
            /* translators: %s: a time span such as "2 hours" */
            $text = __('Deliveries have been waiting for %s. Nothing is lost; they go out as soon as the hub answers.', 'upline-woocommerce');

            return sprintf($text, human_time_diff($counts['oldest']));
        }

        return '';
    }

    /** What is wrong with the plugin's own table; empty where nothing is. Asked on the screens of the shop's people only. */
    private function broken(): string
    {
        $problem = $this->outbox->mend(time());
        $since = Unwritten::read()['since'];
        if ($problem === '') {
            return '';
        }
        if ($since === 0) {
            /* translators: 1: name of a table 2: the database's own words */
            $text = __('The table %1$s is broken: nothing can be sent. Ask your host to drop it; it is made again then. (%2$s)', 'upline-woocommerce');

            return sprintf($text, Tables::outbox(), $problem);
        }
        /* translators: 1: name of a table 2: date and time 3: the database's own words */
        $text = __('The table %1$s is broken: nothing is sent since %2$s, but kept. Ask your host to drop the table. (%3$s)', 'upline-woocommerce');

        return sprintf($text, Tables::outbox(), wp_date(get_option('date_format') . ' ' . get_option('time_format'), $since), $problem);
    }

    /** Whether the hub has taken back the keys of this shop. */
    public function isRefused(): bool
    {
        return (int) $this->health->read()['refusedStatus'] > 0;
    }

    /** Asks the hub, and whether this shop can send requests to itself. */
    public function test(): WP_REST_Response
    {
        $began = microtime(true);
        $reply = $this->hub->test();
        $tookMs = (int) round((microtime(true) - $began) * 1000);
        $lines = [];
        $isOk = $reply['status'] === 200 && ($reply['json']['ok'] ?? false) === true;
        if ($isOk) {
            /* translators: 1: milliseconds 2: name of a company */
            $text = __('The hub answered in %1$d ms: this shop belongs to %2$s.', 'upline-woocommerce');
            $lines[] = sprintf($text, $tookMs, sanitize_text_field((string) ($reply['json']['company'] ?? '')));
            // The hub is there: what has waited for it need not wait longer.
            $this->health->accepted();
            $this->outbox->hurryAll(time());
            $this->schedule->wakeAt(time());
        } else {
            $lines[] = $reply['problem'] !== '' ? $reply['problem'] : __('The hub answered, but not as expected.', 'upline-woocommerce');
        }
        $broken = $this->broken();
        if ($broken !== '') {
            $lines[] = $broken;
            $isOk = false;
        }
        if (!function_exists('fastcgi_finish_request') && !function_exists('litespeed_finish_request') && !$this->loopback->works()) {
            $lines[] = __('This shop cannot send requests to itself, so deliveries wait for Action Scheduler.', 'upline-woocommerce');
            $lines[] = __('Ask your host to allow loopback requests, or to run WP-Cron every minute.', 'upline-woocommerce');
            $isOk = false;
        }

        return new WP_REST_Response(['ok' => $isOk, 'text' => implode(' ', $lines)]);
    }
}
