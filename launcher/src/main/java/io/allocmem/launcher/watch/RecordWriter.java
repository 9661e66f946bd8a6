package io.allocmem.launcher.watch;

import io.allocmem.launcher.control.StatusReport;
import io.allocmem.launcher.process.Failure;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes reports to a file, one line each, in the format of {@code status --json}. If a write
 * fails, the writer stops and keeps the reason; a failed record is no reason to end a plan.
 */
public final class RecordWriter implements Closeable {
  private final Path file;
  private final BufferedWriter out;
  private boolean empty = true;
  private String problem;

  private RecordWriter(Path file, BufferedWriter out) {
    this.file = file;
    this.out = out;
  }

  /**
   * Creates the file; null for no record.
   *
   * @throws Failure if the file exists already, or cannot be created
   */
  public static RecordWriter to(Path file) {
    try {
      return new RecordWriter(
          file, file == null ? null : Files.newBufferedWriter(file, StandardOpenOption.CREATE_NEW));
    } catch (FileAlreadyExistsException e) {
      throw new Failure(file + " exists already; remove it, or name another file", e);
    } catch (IOException e) {
      throw new Failure("cannot write " + file + ": " + reason(e) + "; name another file", e);
    }
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "its directory does not exist";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    return e instanceof FileSystemException f && f.getReason() != null
        ? f.getReason()
        : e.getMessage();
  }

  /**
   * Adds a line. After the return, the line is in the file.
   *
   * @return false at the first failure
   */
  boolean write(StatusReport report) {
    if (out == null || problem != null) {
      return true;
    }
    try {
      out.write(report.toJson());
      out.write('\n');
      out.flush();
      empty = false;
      return true;
    } catch (IOException e) {
      problem = "the record %s ends early: %s".formatted(file, reason(e));
      return false;
    }
  }

  /** Returns the reason why the record ends early; null if none. */
  String problem() {
    return problem;
  }

  /** Closes the file, and removes an empty file. */
  @Override
  public void close() throws IOException {
    if (out == null) {
      return;
    }
    try (out) {
      if (empty) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      if (problem == null) {
        throw e; // else close() meets the failed write again
      }
    }
  }
}
