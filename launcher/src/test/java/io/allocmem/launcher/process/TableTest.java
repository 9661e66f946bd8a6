package io.allocmem.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Columns of a table. */
class TableTest {
  @Test
  void aColumnWithNothingToShowCanBeLeftOut() {
    Table table = new Table("PID", "POD", "CONTAINER", "HELD");
    table.row(1, "", "", "");
    table.row(2, "", "shop", "");
    table.removeEmpty("POD", "CONTAINER");
    assertThat(table.toString().lines()).containsExactly("PID  CONTAINER  HELD", "1", "2    shop");
  }
}
