<?php

declare(strict_types=1);

namespace Upline\Connector\Model;

use Upline\Connector\Rules\Unreached;

/** One HTTP call. A redirect is an answer to look at, never an address to send orders to. */
class Http
{
    private const LONGEST_ANSWER = 65536;

    /**
     * @param array<string, string> $headers
     * @return array{status: int, body: string, retryAfter: ?string, problem: string} status 0: not reached, and why
     */
    public function call(string $method, string $url, ?string $body, array $headers, int $seconds): array
    {
        $received = '';
        $retryAfter = null;
        $lines = [];
        foreach ($headers as $name => $value) {
            $lines[] = $name . ': ' . $value;
        }
        // Magento's own client tells neither the number of an error nor the headers of every answer.
        // phpcs:disable Magento2.Functions.DiscouragedFunction
        $curl = curl_init($url);
        curl_setopt_array($curl, [
            CURLOPT_CUSTOMREQUEST => $method,
            CURLOPT_HTTPHEADER => $lines,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_PROTOCOLS => CURLPROTO_HTTP | CURLPROTO_HTTPS,
            CURLOPT_CONNECTTIMEOUT => min($seconds, 5),
            CURLOPT_TIMEOUT => $seconds,
            CURLOPT_NOSIGNAL => true,
            CURLOPT_HEADERFUNCTION => static function ($curl, string $line) use (&$retryAfter): int {
                if (stripos($line, 'retry-after:') === 0) {
                    $retryAfter = trim(substr($line, 12));
                }

                return strlen($line);
            },
            CURLOPT_WRITEFUNCTION => static function ($curl, string $part) use (&$received): int {
                $received .= substr($part, 0, self::LONGEST_ANSWER - strlen($received));

                return strlen($part);
            },
        ]);
        if ($body !== null) {
            curl_setopt($curl, CURLOPT_POSTFIELDS, $body);
        }
        $isReached = curl_exec($curl) !== false;
        $status = $isReached ? (int) curl_getinfo($curl, CURLINFO_RESPONSE_CODE) : 0;
        $problem = $isReached ? '' : Unreached::reason(curl_errno($curl), curl_error($curl));
        curl_close($curl);
        // phpcs:enable

        return ['status' => $status, 'body' => $received, 'retryAfter' => $retryAfter, 'problem' => $problem];
    }
}
