<?php

declare(strict_types=1);

namespace Upline\Connector\Model;

/** What the hub, or whatever stands between it and the shop, has answered. */
class HubAnswer
{
    /**
     * @param array<string, mixed> $json
     * @param string|null          $code    the hub's own code of a refusal, which no proxy on the way has
     * @param string               $problem for people; empty where all is well
     */
    private function __construct(
        public readonly int $status,
        public readonly array $json,
        public readonly bool $isJson,
        public readonly ?string $code,
        public readonly string $problem,
        public readonly ?string $retryAfter
    ) {
    }

    public static function unreached(string $problem): self
    {
        return new self(0, [], false, null, $problem, null);
    }

    /** @param array{status: int, body: string, retryAfter: ?string, problem: string} $answer */
    public static function of(array $answer): self
    {
        $status = $answer['status'];
        if ($status === 0) {
            return self::unreached((string) __($answer['problem']));
        }
        $json = json_decode($answer['body'], true);
        $isJson = is_array($json);
        $json = $isJson ? $json : [];
        $isOwn = str_starts_with((string) ($json['type'] ?? ''), 'urn:upline:error:');
        $isGood = $status >= 200 && $status < 300 && $isJson;

        return new self(
            $status,
            $json,
            $isJson,
            $isOwn ? (string) ($json['code'] ?? '') : null,
            $isGood ? '' : self::problem($status, $json),
            $answer['retryAfter'] === '' ? null : $answer['retryAfter']
        );
    }

    /** @param array<string, mixed> $json application/problem+json, where the hub sent it */
    private static function problem(int $status, array $json): string
    {
        $parts = array_filter([$json['title'] ?? null, $json['detail'] ?? null], 'is_string');
        if ($parts === []) {
            return (string) __('Something other than the hub answered at its address (status %1).', $status);
        }

        return implode(': ', $parts);
    }
}
