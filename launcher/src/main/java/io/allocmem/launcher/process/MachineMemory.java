package io.allocmem.launcher.process;

import io.allocmem.control.Reading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Memory of the machine, whatever the limits of containers are. */
public final class MachineMemory {
  private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable:\\s+(\\d{1,15}) kB$");

  private MachineMemory() {}

  /** Returns the bytes that can be taken without swapping; {@link Reading#UNKNOWN} if unknown. */
  public static long available() {
    try {
      byte[] text = ForeignFiles.here().read(Path.of("/proc/meminfo"), ForeignFiles.TEXT);
      Matcher kib = AVAILABLE.matcher(new String(text, StandardCharsets.US_ASCII));
      return kib.find() ? Long.parseLong(kib.group(1)) << 10 : Reading.UNKNOWN;
    } catch (IOException notLinux) {
      return Reading.UNKNOWN;
    }
  }
}
