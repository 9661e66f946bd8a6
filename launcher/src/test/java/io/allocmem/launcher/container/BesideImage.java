package io.allocmem.launcher.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.ImageArchive;
import io.allocmem.launcher.fixtures.MainPom;
import io.allocmem.launcher.fixtures.Podman;
import io.allocmem.launcher.fixtures.ServiceImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The built image in containers of podman: alone, for each user, and beside a service with other
 * files. Runs with {@code -Pimage} only.
 */
@Isolated
class BesideImage {
  private static final String MUSL = "/lib/ld-musl-x86_64.so.1";

  @TempDir private static Path directory;
  private static Podman podman;

  @BeforeAll
  static void load() {
    podman = Podman.withImage();
  }

  @AfterAll
  static void removeContainers() {
    if (podman != null) {
      podman.close();
    }
  }

  /** Root, root without a capability, a user with and without a name, group root of OpenShift. */
  @ParameterizedTest
  @ValueSource(
      strings = {"0:0", "0:0 --cap-drop=ALL", "65534:65534", "12345:12345", "1000650000:0"})
  void runsAPlanAsEachUserOnAReadOnlyRoot(String user) {
    Cli run = podman.image("--read-only --memory=256m --user=" + user, "-m 4 -x 16 -d 200ms");
    assertThat(run.done()).contains("16 MiB resident", "released 16 MiB");
  }

  @Test
  void printsUtf8() {
    assertThat(podman.image("", "run -x 4 --name größe").out()).contains("größe");
  }

  /** The class archive must fit: {@code -Xshare:on} fails where the archive does not. */
  @Test
  void startsOnTheClassArchive() {
    String words = String.join(" ", ImageArchive.VERSION_BY_CLASS_ARCHIVE);
    assertThat(podman.image("--entrypoint=/opt/allocmem/lib/runtime/bin/java", words).done())
        .isEqualTo("allocmem %s\n".formatted(MainPom.VERSION));
  }

  @Test
  void changesTheUser() {
    String words = "--reuid 1234 --regid 5678 --clear-groups id -u";
    assertThat(podman.image("--entrypoint=/usr/bin/setpriv", words).done()).isEqualTo("1234\n");
    words = "--userspec=1234:5678 / id -g";
    assertThat(podman.image("--entrypoint=/usr/bin/chroot", words).done()).isEqualTo("5678\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0:0", "1234:5678"})
  void attachesBesideAServiceWithoutAShell(String user) {
    String service = podman.load(ServiceImage.DISTROLESS);
    podman.startService("distroless", "--memory=512m --user=" + user, service);
    assertHoldsAndReleases("distroless", user);
  }

  @Test
  void attachesBesideAServiceWhoseOnlyUsualCLibraryIsMusl() throws IOException {
    podman.startService("musl", "--memory=512m", alpineLike());
    assertHoldsAndReleases("musl", "0:0");
  }

  private static void assertHoldsAndReleases(String service, String user) {
    assertThat(beside(service, user, "attach 1 -m 5 -x 50 -f 0.5 --wait").done())
        .contains("10 blocks of 5 MiB = 50 MiB");
    assertThat(beside(service, user, "status 1").done()).contains("HOLDING", "TargetApplication");
    assertThat(beside(service, user, "release 1").done()).contains("released 50 MiB");
    podman.run("rm", "-f", "-t", "0", service).done();
  }

  private static Cli beside(String service, String user, String arguments) {
    return podman.image("--pid=container:" + service + " --user=" + user, arguments);
  }

  /**
   * Makes an image as of Alpine with a JDK of another distribution: musl in {@code /lib}, and the C
   * library of the JDK in {@code /opt}.
   */
  private static String alpineLike() throws IOException {
    ServiceImage.DISTROLESS.save("localhost/unused:1", directory);
    Path root = directory.resolve("root");
    Path libraries = Files.createDirectories(root.resolve("opt/glibc"));
    for (String usual : List.of("lib", "lib64")) {
      Files.move(root.resolve(usual), libraries.resolve(usual));
    }
    Path musl = Files.createDirectories(root.resolve("lib")).resolve(Path.of(MUSL).getFileName());
    Files.copy(Path.of(MUSL).toRealPath(), musl);
    String start =
        """
        FROM scratch
        COPY root /
        ENTRYPOINT ["/opt/glibc/lib64/ld-linux-x86-64.so.2", "--library-path", \
        "/opt/glibc/lib/x86_64-linux-gnu", "/opt/java/bin/java", "-cp", "/app", "TargetApplication"]
        """;
    return build("localhost/alpine-like:1", start, directory);
  }

  /** Takes the agent from the image into the image of a service, as its manual says. */
  @Test
  void givesItsAgentToAnotherImage() throws IOException {
    podman.load(ServiceImage.DISTROLESS);
    String lines =
        """
        FROM localhost/distroless:1
        COPY --from=%s /opt/allocmem/allocmem-agent.jar /opt/
        ENV JAVA_TOOL_OPTIONS=-javaagent:/opt/allocmem-agent.jar=m=5,x=20
        """
            .formatted(podman.image());
    podman.startService("taken", "", build("localhost/taken:1", lines, directory));
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(beside("taken", "0:0", "status 1").out()).contains("HOLDING", "20 MiB"));
    podman.run("rm", "-f", "-t", "0", "taken").done();
  }

  /** The lines of the Containerfile say the same to an engine and to the script of the build. */
  @Test
  void isBuiltByAnEngineWithTheSameConfiguration() throws IOException {
    String lines = Files.readString(Path.of("src/image/Containerfile"));
    build("localhost/by-engine:1", lines, Path.of("target/image/linux-x64").toAbsolutePath());
    String inspect = "{{json .Config.Env}} {{json .Config.Entrypoint}} {{json .Config.Labels}}";
    String built = podman.run("inspect", "-f", inspect, "localhost/by-engine:1").done();
    String loaded = podman.run("inspect", "-f", inspect, podman.image()).done();
    assertThat(built.replaceFirst("\"io.buildah.version\":\"[^\"]*\",", "")).isEqualTo(loaded);
  }

  private static String build(String name, String lines, Path context) throws IOException {
    Path file = Files.writeString(Files.createTempFile(directory, "Container", "file"), lines);
    String arg = "--build-arg=VERSION=" + MainPom.VERSION;
    podman.run("build", "-q", arg, "-t", name, "-f", "" + file, "" + context).done();
    return name;
  }
}
