package io.allocmem.launcher.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.allocmem.launcher.fixtures.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;

/** The agent's artifact, held against the rules of Maven Central, and used by another project. */
class CentralRelease {
  private static final Path POM = Released.file("allocmem-agent-VERSION.pom");

  private static String value(String path) throws Exception {
    Document pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(POM.toFile());
    return XPathFactory.newInstance().newXPath().evaluate("/project/" + path, pom).strip();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name",
        "description",
        "url",
        "licenses/license/name",
        "licenses/license/url",
        "developers/developer/name",
        "developers/developer/organization",
        "scm/connection",
        "scm/developerConnection",
        "scm/url"
      })
  void thePomHasWhatCentralAsksFor(String path) throws Exception {
    assertThat(value(path)).isNotEmpty();
  }

  @Test
  void theCoordinatesAreThoseOfTheRelease() throws Exception {
    assertThat(value("groupId")).isEqualTo("io.allocmem");
    assertThat(value("artifactId")).isEqualTo("allocmem-agent");
    assertThat(value("version")).isEqualTo(Released.VERSION).doesNotEndWith("-SNAPSHOT");
    assertThat(value("packaging")).isIn("", "jar");
    assertThat(value("url")).isEqualTo(Released.URL).isEqualTo(value("scm/url"));
  }

  @Test
  void thePomNeedsNoOtherPomAndNoProperty() throws Exception {
    assertThat(POM).content().doesNotContain("${");
    for (String absent : List.of("parent", "dependencies", "repositories", "profiles", "build")) {
      assertThat(value(absent)).as(absent).isEmpty();
    }
  }

  /**
   * Installs nothing by hand: a repository of the four files, an empty local repository, no
   * network. Plugins come from the repository of the build.
   */
  @Test
  void anotherProjectCompilesAgainstTheArtifactAndRunsTheAgent(@TempDir Path project)
      throws IOException {
    assumeTrue(Shell.has("mvn"), "there is no mvn");
    layRepository(project.resolve("repository"));
    Files.writeString(project.resolve("pom.xml"), consumer());
    Files.writeString(project.resolve("settings.xml"), settings(project));
    Path source =
        Files.createDirectories(project.resolve("src/main/java")).resolve("Consumer.java");
    Files.writeString(
        source,
        "class Consumer { public static void main(String[] a) { System.out.println(io.allocmem.Agent.class); } }");
    Path local = project.resolve("local");
    Cli built =
        Shell.run(
            project,
            "mvn",
            "-B",
            "-q",
            "-s",
            "settings.xml",
            "-Dmaven.repo.local=" + local,
            "compile");
    assertThat(built.code()).as(built.out()).isZero();
    Path installed = local.resolve("io/allocmem/allocmem-agent/" + Released.VERSION);
    Path agent = installed.resolve("allocmem-agent-" + Released.VERSION + ".jar");
    assertThat(agent).hasSameBinaryContentAs(Released.file("allocmem-agent-VERSION.jar"));
    assertThat(local.resolve("io/allocmem/allocmem")).doesNotExist();
    assertThat(run(project, agent).out()).contains("class io.allocmem.Agent");
  }

  private static Cli run(Path project, Path agent) {
    return Shell.run(
        project,
        Path.of(System.getProperty("java.home"), "bin/java"),
        "-javaagent:" + agent + "=m=1,x=2",
        "-cp",
        project.resolve("target/classes") + ":" + agent,
        "Consumer");
  }

  private static void layRepository(Path repository) throws IOException {
    Path folder = repository.resolve("io/allocmem/allocmem-agent/" + Released.VERSION);
    Files.createDirectories(folder);
    for (String end : List.of(".pom", ".jar", "-sources.jar", "-javadoc.jar")) {
      Path file = Released.file("allocmem-agent-VERSION" + end);
      Files.copy(file, folder.resolve(file.getFileName()));
    }
  }

  private static String consumer() {
    return """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>org.example</groupId>
          <artifactId>consumer</artifactId>
          <version>1</version>
          <properties><maven.compiler.release>17</maven.compiler.release></properties>
          <dependencies>
            <dependency>
              <groupId>io.allocmem</groupId>
              <artifactId>allocmem-agent</artifactId>
              <version>%s</version>
            </dependency>
          </dependencies>
          <build><pluginManagement><plugins>
            <plugin><artifactId>maven-resources-plugin</artifactId><version>3.4.0</version></plugin>
            <plugin><artifactId>maven-compiler-plugin</artifactId><version>3.16.0</version></plugin>
          </plugins></pluginManagement></build>
        </project>
        """
        .formatted(Released.VERSION);
  }

  /** The four files are a repository; Central is the local repository of the build. */
  private static String settings(Path project) {
    String own =
        System.getProperty("maven.repo.local", System.getProperty("user.home") + "/.m2/repository");
    return """
        <settings>
          <mirrors><mirror>
            <id>build</id><mirrorOf>central</mirrorOf><url>file://%s</url>
          </mirror></mirrors>
          <profiles><profile>
            <id>release</id>
            <repositories><repository><id>release</id><url>file://%s</url></repository></repositories>
          </profile></profiles>
          <activeProfiles><activeProfile>release</activeProfile></activeProfiles>
        </settings>
        """
        .formatted(own, project.resolve("repository"));
  }
}
