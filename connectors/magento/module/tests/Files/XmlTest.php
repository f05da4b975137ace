<?php

declare(strict_types=1);

namespace Upline\Connector\Tests\Files;

use DOMDocument;
use PHPUnit\Framework\TestCase;
use RecursiveDirectoryIterator;
use RecursiveIteratorIterator;

/** What can be checked of Magento's XML without Magento. With UPLINE_MAGENTO_ROOT each file is held to its own schema. */
final class XmlTest extends TestCase
{
    public function testEveryFileIsWellFormedAndNamesItsSchema(): void
    {
        self::assertNotSame([], $this->files());
        foreach ($this->files() as $file) {
            $xml = new DOMDocument();
            self::assertTrue($xml->load($file), $file);
            self::assertMatchesRegularExpression('/^urn:magento:/', $this->schemaOf($xml), $file);
        }
    }

    public function testEveryFileFollowsItsSchema(): void
    {
        $root = (string) getenv('UPLINE_MAGENTO_ROOT');
        if ($root === '') {
            self::markTestSkipped('UPLINE_MAGENTO_ROOT is not set: no Magento whose schemas could be asked');
        }
        require_once $root . '/app/bootstrap.php';
        $urns = new \Magento\Framework\Config\Dom\UrnResolver();
        libxml_set_external_entity_loader([$urns, 'registerEntityLoader']);
        foreach ($this->files() as $file) {
            $xml = new DOMDocument();
            $xml->load($file);
            self::assertTrue($xml->schemaValidate($urns->getRealPath($this->schemaOf($xml))), $file);
        }
    }

    public function testEveryClassThatXmlNamesIsThere(): void
    {
        $module = dirname(__DIR__, 2);
        foreach ($this->files() as $file) {
            preg_match_all('/Upline\\\\Connector\\\\([A-Za-z\\\\]+)/', (string) file_get_contents($file), $found);
            foreach ($found[1] as $class) {
                $path = str_replace('\\', '/', preg_replace('/\\\\Proxy$/', '', $class));
                self::assertFileExists("$module/$path.php", $file);
            }
        }
    }

    private function schemaOf(DOMDocument $xml): string
    {
        return (string) $xml->documentElement?->getAttributeNS('http://www.w3.org/2001/XMLSchema-instance', 'noNamespaceSchemaLocation');
    }

    /** @return array<int, string> */
    private function files(): array
    {
        $module = dirname(__DIR__, 2);
        $files = [];
        foreach (['etc', 'view'] as $folder) {
            foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator("$module/$folder")) as $file) {
                if ($file->getExtension() === 'xml') {
                    $files[] = $file->getPathname();
                }
            }
        }
        sort($files);

        return $files;
    }
}
