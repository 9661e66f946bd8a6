package io.allocmem.launcher.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Calls go downwards only. The launcher has no access to the allocator and the areas. */
class HouseTest {
  private final JavaClasses house =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.allocmem.launcher");

  @Test
  void callsGoOnlyDownwards() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("commands")
        .definedBy("io.allocmem.launcher")
        .layer("report")
        .definedBy("io.allocmem.launcher.report")
        .layer("knee")
        .definedBy("io.allocmem.launcher.knee")
        .layer("load")
        .definedBy("io.allocmem.launcher.load")
        .layer("many")
        .definedBy("io.allocmem.launcher.many")
        .layer("watch")
        .definedBy("io.allocmem.launcher.watch")
        .layer("probe")
        .definedBy("io.allocmem.launcher.probe")
        .layer("restart")
        .definedBy("io.allocmem.launcher.restart")
        .layer("check")
        .definedBy("io.allocmem.launcher.check")
        .layer("attach")
        .definedBy("io.allocmem.launcher.attach")
        .layer("control")
        .definedBy("io.allocmem.launcher.control")
        .layer("process")
        .definedBy("io.allocmem.launcher.process")
        .layer("courier")
        .definedBy("io.allocmem.launcher.courier")
        .whereLayer("commands")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("knee")
        .mayOnlyBeAccessedByLayers("commands")
        .whereLayer("load")
        .mayOnlyBeAccessedByLayers("commands", "knee")
        .whereLayer("report")
        .mayOnlyBeAccessedByLayers("commands", "knee")
        .whereLayer("many")
        .mayOnlyBeAccessedByLayers("commands")
        .whereLayer("watch")
        .mayOnlyBeAccessedByLayers("commands")
        .whereLayer("probe")
        .mayOnlyBeAccessedByLayers("commands", "load")
        .whereLayer("restart")
        .mayOnlyBeAccessedByLayers("commands")
        .whereLayer("check")
        .mayOnlyBeAccessedByLayers("commands")
        .whereLayer("attach")
        .mayOnlyBeAccessedByLayers("commands", "check")
        .whereLayer("control")
        .mayOnlyBeAccessedByLayers(
            "commands", "report", "knee", "many", "watch", "restart", "check", "attach")
        .whereLayer("courier")
        .mayOnlyBeAccessedByLayers("attach")
        .ensureAllClassesAreContainedInArchitecture()
        .check(house);
  }

  @Test
  void noWayLeadsBack() {
    slices().matching("io.allocmem.(**)").should().beFreeOfCycles().check(house);
  }

  @Test
  void knowsTheWordsThePlanAndTheAnswerOnly() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.allocmem", "io.allocmem.allocator", "io.allocmem.area", "io.allocmem.pages")
        .check(house);
  }
}
