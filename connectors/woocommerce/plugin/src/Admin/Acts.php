<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Admin;

use Upline\WooCommerce\Connect\Handshake;
use Upline\WooCommerce\Connect\Store;
use Upline\WooCommerce\Domain\ConnectionCode;
use Upline\WooCommerce\Guard;
use Upline\WooCommerce\Settings;
use Upline\WooCommerce\Sync\Backfill;
use Upline\WooCommerce\Sync\Health;
use Upline\WooCommerce\Sync\Outbox;
use Upline\WooCommerce\Sync\Schedule;

/** What the forms of the screen do. Every act asks for the capability and the nonce first. */
final class Acts
{
    private const STATE_SECONDS = 1800;

    /** @var Handshake */
    private $handshake;
    /** @var Settings */
    private $settings;
    /** @var Store */
    private $store;
    /** @var Outbox */
    private $outbox;
    /** @var Health */
    private $health;
    /** @var Schedule */
    private $schedule;
    /** @var Backfill */
    private $backfill;

    public function __construct(
        Handshake $handshake,
        Settings $settings,
        Store $store,
        Outbox $outbox,
        Health $health,
        Schedule $schedule,
        Backfill $backfill
    ) {
        $this->handshake = $handshake;
        $this->settings = $settings;
        $this->store = $store;
        $this->outbox = $outbox;
        $this->health = $health;
        $this->schedule = $schedule;
        $this->backfill = $backfill;
    }

    public function listen(): void
    {
        $acts = [
            'connect' => [$this, 'connect'],
            'disconnect' => [$this, 'disconnect'],
            'silence' => [$this, 'silence'],
            'moved' => [$this, 'moved'],
            'settings' => [$this, 'saveSettings'],
            'retry' => [$this, 'retry'],
            'backfill' => [$this, 'sendAgain'],
        ];
        foreach ($acts as $name => $do) {
            add_action('admin_post_upline_' . $name, Guard::action(static function () use ($name, $do): void {
                if (!current_user_can(Screen::CAPABILITY)) {
                    wp_die(esc_html__('You may not do this.', 'upline-woocommerce'), '', ['response' => 403]);
                }
                check_admin_referer('upline_' . $name);
                $do();
            }));
        }
        add_action('admin_init', Guard::action([$this, 'comeBackFromHub']));
    }

    /** With a code: exchange it. Without one: go to the hub and fetch one. */
    public function connect(): void
    {
        $code = self::posted('code');
        $hub = self::posted('hub');
        if ($code !== '') {
            $this->exchange($code, $hub, self::posted('moved') === 'yes');
        }
        $origin = ConnectionCode::hubOrigin($hub !== '' ? $hub : (defined('UPLINE_HUB') ? (string) UPLINE_HUB : ''));
        if ($origin === null) {
            $this->back('connection', 'error', self::whyNoHub($hub));
        }
        $state = wp_generate_password(32, false);
        set_transient('upline_state_' . get_current_user_id(), [
            'state' => $state,
            'hub' => $origin,
            'moved' => self::posted('moved') === 'yes',
        ], self::STATE_SECONDS);
        $to = add_query_arg([
            'return_url' => rawurlencode(Screen::url()),
            'state' => $state,
        ], $origin . '/connect/woocommerce');
        // The person has typed this address; it is no place of this shop.
        wp_redirect($to, 302, 'Upline');
        exit;
    }

    /** The hub sends the browser back with ?code=…&state=…; the state proves that we sent it there. */
    public function comeBackFromHub(): void
    {
        // phpcs:disable WordPress.Security.NonceVerification
        if (($_GET['page'] ?? '') !== Screen::SLUG || !isset($_GET['code'], $_GET['state']) || !current_user_can(Screen::CAPABILITY)) {
            return;
        }
        $code = sanitize_text_field(wp_unslash((string) $_GET['code']));
        $state = sanitize_text_field(wp_unslash((string) $_GET['state']));
        // phpcs:enable
        $key = 'upline_state_' . get_current_user_id();
        $sent = get_transient($key);
        delete_transient($key);
        if (!is_array($sent) || !hash_equals((string) $sent['state'], $state)) {
            $this->back('connection', 'error', __('This answer of a hub was not asked for or came too late. Try again.', 'upline-woocommerce'));
        }
        $origin = ConnectionCode::origin($code);
        if ($origin !== null && $origin !== $sent['hub']) {
            $this->back('connection', 'error', __('This code belongs to another hub than the one you chose.', 'upline-woocommerce'));
        }
        $this->exchange($code, (string) $sent['hub'], ($sent['moved'] ?? false) === true);
    }

    public function disconnect(): void
    {
        $outcome = $this->handshake->disconnect();
        $this->back('connection', $outcome['isTold'] ? 'success' : 'warning', $outcome['text']);
    }

    /** This is a copy: it notes nothing and sends nothing. */
    public function silence(): void
    {
        if ($this->store->isHere()) {
            $this->back('connection', 'error', __('This is the connected shop itself, not a copy.', 'upline-woocommerce'));
        }
        $this->store->silence();
        $this->outbox->clear();
        $this->back('connection', 'success', __('This copy keeps silent: nothing is noted and nothing is sent.', 'upline-woocommerce'));
    }

    /** This is the shop itself, at a new address. */
    public function moved(): void
    {
        $problem = $this->handshake->moved();
        if ($problem !== '') {
            /* translators: %s: reason */
            $text = __('The hub still knows the shop under its old address: %s', 'upline-woocommerce');
            $this->back('connection', 'error', sprintf($text, $problem));
        }
        $this->schedule->wakeAt(time());
        $text = __('The hub knows the new address. The shop is the same store as before, and what has waited is sent now.', 'upline-woocommerce');
        $this->back('connection', 'success', $text);
    }

    public function saveSettings(): void
    {
        // phpcs:ignore WordPress.Security.NonceVerification
        $problems = $this->settings->save(wp_unslash($_POST));
        if ($problems !== []) {
            $this->back('referrals', 'error', implode(' ', $problems) . ' ' . __('The rest is saved.', 'upline-woocommerce'));
        }
        $this->back('referrals', 'success', __('Saved.', 'upline-woocommerce'));
    }

    public function retry(): void
    {
        $id = (int) self::posted('id');
        $count = $this->outbox->retry($id > 0 ? $id : null, time());
        $this->health->resume();
        $this->schedule->wakeAt(time());
        /* translators: %d: number of deliveries */
        $text = _n('%d delivery is tried again now.', '%d deliveries are tried again now.', $count, 'upline-woocommerce');
        $this->back('deliveries', 'success', sprintf($text, $count));
    }

    public function sendAgain(): void
    {
        if (!$this->store->mayDeliver()) {
            $text = __('Nothing is sent from here. Say on the first tab what this shop is.', 'upline-woocommerce');
            $this->back('deliveries', 'error', $text);
        }
        $days = min(max((int) self::posted('days'), 1), 3650);
        $this->backfill->begin(time() - 86400 * $days);
        /* translators: %d: number of days */
        $text = __('All orders that changed in the last %d days are being sent again. The hub counts each only once.', 'upline-woocommerce');
        $this->back('deliveries', 'success', sprintf($text, $days));
    }

    private function exchange(string $code, string $hub, bool $hasMoved): void
    {
        $problem = $this->handshake->connect($code, $hub, $hasMoved);
        if ($problem !== '') {
            $this->back('connection', 'error', $problem);
        }
        $this->schedule->ensureSweep();
        $this->schedule->wakeAt(time());
        /* translators: %s: name of a company */
        $text = __('Connected: this shop now sends its orders to %s.', 'upline-woocommerce');
        $this->back('connection', 'success', sprintf($text, $this->store->company()));
    }

    private static function whyNoHub(string $typed): string
    {
        if ($typed === '') {
            return __('Paste a connection code, or fill in the address of your hub.', 'upline-woocommerce');
        }
        if (ConnectionCode::whyNot($typed) === 'plain') {
            return Handshake::whyNotPlain();
        }

        return __('This is no address. Write it as hub.example.com.', 'upline-woocommerce');
    }

    private static function posted(string $name): string
    {
        // phpcs:ignore WordPress.Security.NonceVerification
        return isset($_POST[$name]) && is_string($_POST[$name]) ? sanitize_text_field(wp_unslash($_POST[$name])) : '';
    }

    /** Ends the request. */
    private function back(string $tab, string $kind, string $text): void
    {
        Notice::give($kind, $text);
        wp_safe_redirect(Screen::url($tab));
        exit;
    }
}
