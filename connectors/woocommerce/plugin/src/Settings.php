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
     * Saves what can be used; what cannot stays as it was.
     *
     * @param array<string, mixed> $input raw form values
     * @return array<int, string> what was refused and why, for people
     */
    public function save(array $input): array
    {
        $before = $this->all();
        $problems = [];
        $word = static function (string $name, callable $whyNot) use ($input, $before, &$problems): string {
            $typed = strtolower(trim((string) ($input[$name] ?? '')));
            $problem = $typed === $before[$name] ? '' : $whyNot($typed);
            if ($problem !== '') {
                /* translators: 1: reason 2: what is used on */
                $problems[] = sprintf(__('%1$s It stays "%2$s".', 'upline-woocommerce'), $problem, $before[$name]);
            }

            return $problem === '' ? $typed : (string) $before[$name];
        };
        $choice = static function (string $name, array $allowed) use ($input, $before): string {
            return in_array($input[$name] ?? null, $allowed, true) ? (string) $input[$name] : (string) $before[$name];
        };
        $days = (int) ($input['window_days'] ?? 0);
        if ($days < 1 || $days > 365) {
            $problems[] = __('A link can be remembered for 1 to 365 days.', 'upline-woocommerce');
            $days = (int) $before['window_days'];
        }
        update_option(self::OPTION, [
            'parameter' => $word('parameter', [LinkWords::class, 'whyNoParameter']),
            'prefix' => $word('prefix', [LinkWords::class, 'whyNoPrefix']),
            'window_days' => $days,
            'touch' => $choice('touch', ['first', 'last']),
            'field' => $choice('field', ['off', 'optional', 'required']),
            'show_buyer' => isset($input['show_buyer']) ? 'yes' : 'no',
        ], true);

        return $problems;
    }
}
