package io.allocmem.launcher.process;

import io.allocmem.control.Printable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of text in columns of minimum width. */
public final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  /** Starts the table with a row of titles. */
  public Table(Object... titles) {
    row(titles);
  }

  /** Adds a row with a cell for each title. */
  public void row(Object... cells) {
    rows.add(
        new ArrayList<>(Arrays.stream(cells).map(String::valueOf).map(Printable::of).toList()));
  }

  /** Removes the columns with these titles, if every row has an empty cell there. */
  public void removeEmpty(String... titles) {
    for (String title : titles) {
      int column = rows.get(0).indexOf(title);
      if (rows.stream().skip(1).allMatch(row -> row.get(column).isEmpty())) {
        rows.forEach(row -> row.remove(column));
      }
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        line.append(("%-" + (width(column) + 2) + "s").formatted(row.get(column)));
      }
      text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }
    return text.toString();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }
}
