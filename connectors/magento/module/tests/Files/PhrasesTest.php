<?php

declare(strict_types=1);

namespace Upline\Connector\Tests\Files;

use PHPUnit\Framework\TestCase;

/**
 * What a browser is shown is translated from a dictionary that Magento makes by looking for phrases in scripts and templates; what it
 * cannot find there stays English.
 */
final class PhrasesTest extends TestCase
{
    private const WEB = __DIR__ . '/../../view/*/web/{js,template}/';
    /** As Magento\Translation\Model\Js\Config has them. */
    private const FOUND_IN = [
        'html' => '~(?:i18n\:|_\.i18n\()\s*(["\'])(.*?)(?<!\\\\)\1~',
        'js' => '~(?s)\$t\(\s*([\'"])(.+?)(?<!\\\\)\1\s*(*SKIP)\)(?s)~',
    ];

    public function testEveryPhraseForABrowserIsFoundByMagentoAndIsThereInGerman(): void
    {
        $german = $this->german();
        $phrases = 0;
        foreach (self::FOUND_IN as $type => $pattern) {
            foreach ($this->files($type) as $file) {
                $text = (string) file_get_contents($file);
                $found = preg_match_all($pattern, $text, $matches);
                $meant = preg_match_all($type === 'html' ? '~\bi18n\s*:~' : '~\$t\(~', $text);
                self::assertSame($meant, $found, "$file has a phrase that Magento does not find: write it as it is, in quotes");
                foreach ($matches[2] as $phrase) {
                    self::assertArrayHasKey($phrase, $german, "$file: \"$phrase\" is not in i18n/de_DE.csv");
                    $phrases++;
                }
            }
        }
        self::assertGreaterThan(5, $phrases);
    }

    /** @return array<int, string> */
    private function files(string $type): array
    {
        return array_merge(
            glob(self::WEB . "*.$type", GLOB_BRACE) ?: [],
            glob(self::WEB . "*/*.$type", GLOB_BRACE) ?: []
        );
    }

    /** @return array<string, string> */
    private function german(): array
    {
        $rows = [];
        $file = fopen(__DIR__ . '/../../i18n/de_DE.csv', 'rb');
        while (($row = fgetcsv($file)) !== false) {
            $rows[$row[0]] = $row[1] ?? '';
        }
        fclose($file);

        return $rows;
    }
}
