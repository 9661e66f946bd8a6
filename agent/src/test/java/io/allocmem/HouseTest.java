package io.allocmem;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.junit.jupiter.api.Test;

/** Calls go downwards only, and the agent needs nothing beside the JDK. */
class HouseTest {
  private final JavaClasses house =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.allocmem");

  @Test
  void callsGoOnlyDownwards() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("door")
        .definedBy("io.allocmem")
        .layer("arguments")
        .definedBy("io.allocmem.arguments")
        .layer("allocator")
        .definedBy("io.allocmem.allocator")
        .layer("area")
        .definedBy("io.allocmem.area")
        .layer("pages")
        .definedBy("io.allocmem.pages")
        .layer("export")
        .definedBy("io.allocmem.export")
        .layer("readings")
        .definedBy("io.allocmem.readings")
        .layer("control")
        .definedBy("io.allocmem.control")
        .layer("options")
        .definedBy("io.allocmem.options")
        .layer("plan")
        .definedBy("io.allocmem.plan")
        .whereLayer("door")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("arguments")
        .mayOnlyBeAccessedByLayers("door")
        .whereLayer("allocator")
        .mayOnlyBeAccessedByLayers("door")
        .whereLayer("area")
        .mayOnlyBeAccessedByLayers("door", "allocator")
        .whereLayer("pages")
        .mayOnlyBeAccessedByLayers("door", "area")
        .whereLayer("export")
        .mayOnlyBeAccessedByLayers("allocator")
        .whereLayer("readings")
        .mayOnlyBeAccessedByLayers("door", "allocator")
        .whereLayer("control")
        .mayOnlyBeAccessedByLayers("door", "allocator", "export", "readings")
        .whereLayer("options")
        .mayOnlyBeAccessedByLayers("allocator", "readings")
        .check(house);
  }

  @Test
  void theDoorKnowsTheJdkOnly() {
    classes()
        .that()
        .haveFullyQualifiedName("io.allocmem.Agent")
        .or()
        .haveFullyQualifiedName("io.allocmem.SessionLoader")
        .or()
        .haveFullyQualifiedName("io.allocmem.RefusedStart")
        .should()
        .onlyDependOnClassesThat(
            resideInAPackage("java..")
                .or(equivalentTo(Agent.class))
                .or(equivalentTo(SessionLoader.class))
                .or(equivalentTo(RefusedStart.class)))
        .because("they live in the application's loader, and all else does not")
        .check(house);
  }

  @Test
  void onlyTheDoorMayEndTheJvm() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.allocmem.RefusedStart")
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .check(house);
  }

  /** Classes that need each other would form a loop. Calls between classes go in one direction. */
  @Test
  void noTwoClassesOfTheLoopNeedEachOther() {
    slices()
        .assignedFrom(
            new SliceAssignment() {
              @Override
              public SliceIdentifier getIdentifierOf(JavaClass one) {
                return one.getPackageName().equals("io.allocmem.allocator")
                    ? SliceIdentifier.of(one.getBaseComponentType().getName().split("\\$")[0])
                    : SliceIdentifier.ignore();
              }

              @Override
              public String getDescription() {
                return "the classes of the allocator";
              }
            })
        .should()
        .beFreeOfCycles()
        .check(house);
  }

  /** A callback would hide a loop between classes from the rule above. */
  @Test
  void noClassOfTheLoopIsACallback() {
    noClasses()
        .that()
        .resideInAPackage("io.allocmem.allocator")
        .should()
        .implement(resideInAPackage("java.util.function"))
        .check(house);
  }
}
