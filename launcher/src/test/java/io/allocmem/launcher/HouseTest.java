package io.allocmem.launcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The launcher stays beside the target: what takes memory is not its business. */
class HouseTest {
  @Test
  void knowsTheWordsThePlanAndTheAnswerOnly() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.allocmem", "io.allocmem.allocator", "io.allocmem.area", "io.allocmem.pages")
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.allocmem.launcher"));
  }
}
