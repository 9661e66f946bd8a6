package io.allocmem.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines of /proc/PID/maps from HotSpot's heaps, with the advice that is safe for each mapping. */
class MappingTest {
  private static final long INSIDE = 0xe1000000L;

  private static Mapping of(String rest) {
    return Mapping.in("e0000000-f0000000 " + rest, INSIDE);
  }

  @ParameterizedTest
  @CsvSource({
    "rw-p 00000000 00:00 0, 4",
    "rw-p 00000000 00:00 0                          [heap], 4",
    "rw-p 00000000 00:00 0                          [anon:Java heap], 4",
    "rw-s 00000000 00:01 4102                       /memfd:java_heap (deleted), 9",
    "rw-s 00000000 00:01 4102                       /memfd:java_heap.hugetlb (deleted), 0",
    "rw-s 00000000 00:01 4102                       /memfd:java_heap, 0",
    "rw-s 00000000 08:01 4102                       /tmp/memfd:java_heap (deleted), 0",
    "rw-s 00000000 00:2f 2                          /mnt/jvmheap.aB3xYz (deleted), 0",
    "rw-s 00000000 00:2f 2                          /dev/hugepages/jvmheap.x (deleted), 0",
    "rw-s 00000000 00:01 32768                      /SYSV00000000 (deleted), 0",
    "rw-s 00000000 00:01 9                          /dev/zero (deleted), 0",
    "rw-p 00000000 00:10 77                         /anon_hugepage (deleted), 0",
    "rw-p 00001000 08:01 99                         /usr/lib/jvm/classes.jsa, 0"
  })
  void pagesGoBackOnlyWhereTheyCanBeHadAgain(String rest, int advice) {
    assertThat(of(rest).advice()).isEqualTo(advice);
  }

  @Test
  void theMappingOfAnAddressIsFoundInAListWithLongLines() throws IOException {
    String list =
        "1000-2000 rw-s 00000000 08:01 98 /"
            + "x".repeat(9000)
            + "\n7f0000000000-7f0000001000 rw-p 00000000 00:00 0\n"
            + "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]\n";
    byte[] bytes = list.getBytes(StandardCharsets.ISO_8859_1);
    Mapping heap = Mapping.in(new ByteArrayInputStream(bytes), 0x7f0000000fffL);
    assertThat(heap.advice()).isEqualTo(Mapping.MADV_DONTNEED);
    assertThat(Mapping.in(new ByteArrayInputStream(bytes), 0x7f0000001000L)).isNull();
    assertThat(Mapping.in(new ByteArrayInputStream(bytes), 0xffffffffff600000L)).isNotNull();
  }

  @Test
  void theRefusalNamesTheFile() {
    assertThat(of("rw-s 00000000 00:2f 2    /mnt/my heap\\012x/jvmheap.a (deleted)").refusal())
        .startsWith("the heap lies in the file /mnt/my heap\\012x/jvmheap.a (-XX:AllocateHeapAt, ");
    String long4k = of("rw-s 00000000 00:2f 2    /" + "d".repeat(4000)).refusal();
    assertThat(long4k).hasSizeLessThan(250);
  }

  @Test
  void anAddressIsInOneMapping() {
    String line = "e0000000-f0000000 rw-p 00000000 00:00 0 ";
    assertThat(Mapping.in(line, 0xe0000000L)).isNotNull();
    assertThat(Mapping.in(line, 0xefffffffL)).isNotNull();
    assertThat(Mapping.in(line, 0xf0000000L)).isNull();
    assertThat(Mapping.in(line, 0xdfffffffL)).isNull();
    String highest = "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]";
    assertThat(Mapping.in(highest, -0xa00000L)).isNotNull();
    assertThat(Mapping.in(highest, INSIDE)).isNull();
  }

  @Test
  void thisJvmsOwnMemoryIsFound() {
    long address = OffHeap.allocate(1 << 20);
    assertThat(Mapping.at(address).advice()).isEqualTo(Mapping.MADV_DONTNEED);
    OffHeap.free(address);
    assertThat(Mapping.at(1)).isNull();
  }
}
