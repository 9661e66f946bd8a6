package io.allocmem.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HugePagesTest {
  private static final String OFF =
      "transparent huge pages are off on this machine: write madvise to ";

  @TempDir private Path kernel;

  private HugePages pages(String size, String all, String one) throws IOException {
    Files.writeString(kernel.resolve("hpage_pmd_size"), size);
    Files.writeString(kernel.resolve("enabled"), all);
    if (one != null) {
      Path own = Files.createDirectory(kernel.resolve("hugepages-2048kB"));
      Files.writeString(own.resolve("enabled"), one);
    }
    return HugePages.in(kernel.toString(), "Name:\tjava\nTHP_enabled:\t1\n");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "always [madvise] never, -",
        "[always] madvise never, -",
        "always [madvise] never, always [inherit] madvise never",
        "always madvise [never], always inherit [madvise] never"
      })
  void theSizeIsTheKernelsWhereHugePagesAreOn(String all, String one) throws IOException {
    HugePages pages = pages("2097152\n", all, one);
    assertThat(pages.size()).isEqualTo(2 << 20);
    assertThat(pages.problem()).isNull();
  }

  @Test
  void thePlaceOfTheSettingIsNamedWhereHugePagesAreOff() throws IOException {
    assertThat(pages("2097152\n", "always madvise [never]\n", null).problem())
        .isEqualTo(OFF + kernel + "/enabled as root");
  }

  @Test
  void theSettingOfOneSizeComesFirst() throws IOException {
    assertThat(
            pages("2097152\n", "[always] madvise never", "always inherit madvise [never]")
                .problem())
        .isEqualTo(OFF + kernel + "/hugepages-2048kB/enabled as root");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "2097151", "99999999999999999999", "4294967296", "512"})
  void anotherSizeIsNotBelieved(String size) throws IOException {
    HugePages pages = pages(size, "[always] madvise never", null);
    assertThat(pages.size()).isZero();
    assertThat(pages.problem()).startsWith("the kernel reports no size of huge pages (" + kernel);
  }

  @Test
  void aKernelWithoutHugePagesHasNone() {
    assertThat(HugePages.in(kernel.resolve("none").toString(), "").size()).isZero();
  }

  @Test
  void aProcessMayHaveNone() throws IOException {
    pages("2097152", "[always] madvise never", null);
    assertThat(HugePages.in(kernel.toString(), "Name:\tjava\nTHP_enabled:\t0\nx\n").problem())
        .startsWith("transparent huge pages are off in this process (THP_enabled in ");
  }
}
