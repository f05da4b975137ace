<?php

/*
 * Must-use plugin of the end-to-end suite, in the test shop only: lets the shop call the suite's gate on this
 * machine, keeps mails in, takes payments, and measures what the plugin costs a request that asks for it (X-Upline-Measure).
 */

defined('ABSPATH') || exit;

add_filter('http_allowed_safe_ports', static function ($ports) {
    return array_merge($ports, [0/* the gate's port */]);
});
add_filter('http_request_host_is_external', static function ($is, $host) {
    return $host === '127.0.0.1' ? true : $is;
}, 10, 2);
add_filter('pre_wp_mail', '__return_true');
// What a payment provider calls once the buyer has paid.
add_action('woocommerce_api_upline_e2e_paid', static function () {
    $order = wc_get_order((int) ($_GET['order'] ?? 0));
    $order && $order->payment_complete('e2e-' . $order->get_id());
    exit;
});

if (isset($_SERVER['HTTP_X_UPLINE_MEASURE'])) {
    final class UplineE2eClock
    {
        public static $ms = 0.0;
        public static $depth = 0;
        public static $loaded = 0.0;

        public static function time(callable $do): callable
        {
            return static function (...$args) use ($do) {
                $began = microtime(true);
                self::$depth++;
                try {
                    return $do(...$args);
                } finally {
                    if (--self::$depth === 0) {
                        self::$ms += (microtime(true) - $began) * 1000;
                    }
                }
            };
        }

        /** Every callback of the plugin was made by its guard, or is a method of one of its classes. */
        public static function isOurs($callback): bool
        {
            if ($callback instanceof Closure) {
                return strpos((string) (new ReflectionFunction($callback))->getFileName(), 'upline-woocommerce') !== false;
            }

            return is_array($callback) && is_object($callback[0]) && strpos(get_class($callback[0]), 'Upline\\WooCommerce\\') === 0;
        }

        public static function wrapAll(): void
        {
            foreach ($GLOBALS['wp_filter'] as $name => $filter) {
                foreach ($filter->callbacks as $priority => $callbacks) {
                    foreach ($callbacks as $id => $callback) {
                        // With FastCGI the buyer has the answer before this one works.
                        $isAfter = $name === 'shutdown' && function_exists('fastcgi_finish_request');
                        if (!$isAfter && self::isOurs($callback['function'])) {
                            $filter->callbacks[$priority][$id]['function'] = self::time($callback['function']);
                        }
                    }
                }
            }
        }
    }
    add_action('plugin_loaded', static function ($plugin) {
        if (strpos($plugin, 'upline-woocommerce') !== false) {
            UplineE2eClock::$ms += (microtime(true) - UplineE2eClock::$loaded) * 1000;
        }
        UplineE2eClock::$loaded = microtime(true);
    });
    add_action('muplugins_loaded', static function () {
        UplineE2eClock::$loaded = microtime(true);
    }, PHP_INT_MAX);
    add_action('plugins_loaded', static function () {
        foreach ($GLOBALS['wp_filter']['plugins_loaded']->callbacks as $priority => $callbacks) {
            foreach ($callbacks as $id => $callback) {
                if (UplineE2eClock::isOurs($callback['function'])) {
                    $GLOBALS['wp_filter']['plugins_loaded']->callbacks[$priority][$id]['function'] = UplineE2eClock::time($callback['function']);
                }
            }
        }
    }, -1000);
    add_action('plugins_loaded', ['UplineE2eClock', 'wrapAll'], 99999);
    // Whatever counts has run by then; the answer is in a file, because headers are gone.
    add_action('shutdown', static function () {
        file_put_contents(
            sys_get_temp_dir() . '/upline-e2e-' . preg_replace('/\W/', '', $_SERVER['HTTP_X_UPLINE_MEASURE']),
            sprintf("%.3f\n", UplineE2eClock::$ms),
            FILE_APPEND
        );
    }, function_exists('fastcgi_finish_request') ? 99998 : 100000);
}
