package com.sun.management.internal;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.io.IOException;
import java.util.List;
import javax.management.ObjectName;

/** Declares what the agent calls of a class inside the JDK, for the compiler alone. */
public class HotSpotDiagnostic implements HotSpotDiagnosticMXBean {
  @Override
  public void dumpHeap(String outputFile, boolean live) throws IOException {
    throw new AssertionError();
  }

  @Override
  public List<VMOption> getDiagnosticOptions() {
    throw new AssertionError();
  }

  @Override
  public VMOption getVMOption(String name) {
    throw new AssertionError();
  }

  @Override
  public void setVMOption(String name, String value) {
    throw new AssertionError();
  }

  @Override
  public ObjectName getObjectName() {
    throw new AssertionError();
  }
}
