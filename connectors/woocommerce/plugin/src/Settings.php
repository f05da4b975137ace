<?php

declare(strict_types=1);

namespace Upline\WooCommerce;

/** What the shop's owner can choose; one autoloaded option. */
final class Settings
{
    public const OPTION = 'upline_settings';
    private const DEFAULTS = [
        'parameter' => 'ref',
        'prefix' => 'r',
        'window_days' => 30,
        'touch' => 'last',
        'field' => 'optional',
        'show_buyer' => 'yes',
    ];

    /** The query parameter of referral links. */
    public function parameter(): string
    {
        return (string) $this->all()['parameter'];
    }

    /** The first path part of /r/CODE links. */
    public function prefix(): string
    {
        return (string) $this->all()['prefix'];
    }

    public function windowSeconds(): int
    {
        return 86400 * (int) $this->all()['window_days'];
    }

    /** "first" or "last": which referral link counts where a visitor came by several. */
    public function touch(): string
    {
        return (string) $this->all()['touch'];
    }

    /** "off", "optional" or "required". */
    public function field(): string
    {
        return (string) $this->all()['field'];
    }

    public function showsBuyer(): bool
    {
        return $this->all()['show_buyer'] === 'yes';
    }

    /** @return array<string, int|string> */
    public function all(): array
    {
        $stored = get_option(self::OPTION, []);

        return array_merge(self::DEFAULTS, is_array($stored) ? array_intersect_key($stored, self::DEFAULTS) : []);
    }

    /**
     * @param array<string, mixed> $input raw form values
     * @return string what could not be used, for people; empty where all could
     */
    public function save(array $input): string
    {
        $word = static function (string $name, string $pattern) use ($input): string {
            $value = strtolower(trim((string) ($input[$name] ?? '')));

            return preg_match($pattern, $value) === 1 ? $value : (string) self::DEFAULTS[$name];
        };
        $one = static function (string $name, array $allowed) use ($input): string {
            return in_array($input[$name] ?? null, $allowed, true) ? (string) $input[$name] : (string) self::DEFAULTS[$name];
        };
        $parameter = $word('parameter', '/^[a-z][a-z0-9_-]{0,19}$/D');
        // WordPress reads these itself: ?p=ANNA77 would ask for a post.
        if (in_array($parameter, $GLOBALS['wp']->public_query_vars, true)) {
            $parameter = (string) self::DEFAULTS['parameter'];
        }
        update_option(self::OPTION, [
            'parameter' => $parameter,
            'prefix' => $word('prefix', '/^[a-z][a-z0-9-]{0,19}$/D'),
            'window_days' => min(max((int) ($input['window_days'] ?? 30), 1), 365),
            'touch' => $one('touch', ['first', 'last']),
            'field' => $one('field', ['off', 'optional', 'required']),
            'show_buyer' => isset($input['show_buyer']) ? 'yes' : 'no',
        ], true);
        $saved = $this->all();
        foreach (['parameter', 'prefix'] as $name) {
            $typed = strtolower(trim((string) ($input[$name] ?? '')));
            if ($typed !== $saved[$name]) {
                /* translators: 1: what was typed 2: what is used instead */
                return sprintf(__('"%1$s" cannot be used in links; it is "%2$s" now.', 'upline-woocommerce'), $typed, $saved[$name]);
            }
        }

        return '';
    }
}
