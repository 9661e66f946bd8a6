package io.allocmem.export;

import io.allocmem.control.ControlFile;
import io.allocmem.control.InnerCommands;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.control.ThisProcess;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.ReflectionException;
import javax.management.openmbean.OpenMBeanAttributeInfo;
import javax.management.openmbean.OpenMBeanAttributeInfoSupport;
import javax.management.openmbean.OpenMBeanInfoSupport;
import javax.management.openmbean.OpenMBeanOperationInfo;
import javax.management.openmbean.OpenMBeanOperationInfoSupport;
import javax.management.openmbean.SimpleType;

/**
 * MBean of a plan, {@code io.allocmem:type=Plan,name=NAME}: the plan's facts, the table of {@link
 * Reading}s and the commands. All types are open types, so a client needs no class of ours. JMX
 * threads read the last published record, and put commands into the plan's inbox. Nothing here runs
 * in the plan's thread, and the plan never waits for a JMX thread.
 */
public final class PlanBean implements DynamicMBean {
  private static final String PHASE = "Phase";
  private static final String HEARTBEAT = "HeartbeatMillis";
  private static final String MESSAGE = "Message";

  private final Map<String, Object> facts = new LinkedHashMap<>();
  private final List<OpenMBeanAttributeInfo> attributes = new ArrayList<>();
  private final InnerCommands commands;
  private final String name;

  /** Creates the bean of a plan with at least one published record. */
  public PlanBean(HoldPlan plan, ControlFile control) throws IOException {
    name = plan.name();
    commands = new InnerCommands(name, control);
    Status status = commands.status();
    fact("Name", "Name of the plan", name);
    fact("Area", "Memory area of the blocks", plan.area().toString());
    fact("BlockSize", "Bytes of a block", plan.blockSize().bytes());
    boolean follows = plan.until() != null;
    fact(
        "Limit",
        "Limit in bytes; 0: all there is, -1: the plan follows usage",
        follows ? Reading.UNKNOWN : plan.limit().bytes());
    fact("Until", "Target utilisation; empty with a limit", follows ? plan.aim() : "");
    fact("Then", "Action at the limit", plan.then().toString());
    fact("Fill", "Share of each block that is touched, 0 to 1", plan.fill().share());
    fact("DelayMillis", "Time from one block to the next", plan.delayMillis());
    fact("Pid", "Process, as this JVM sees it", Long.parseLong(ThisProcess.pid()));
    fact("Jdk", "Version of the JVM", status.jdk);
    fact("MainClass", "Main class or jar; empty where not known", status.mainClass);
    fact("Arguments", "The plan as agent arguments", status.arguments);
    fact("AgentVersion", "Version of the agent", status.agentVersion);
    changing();
  }

  private void changing() {
    attribute(PHASE, "Phase of the plan", SimpleType.STRING);
    attribute(HEARTBEAT, "Time of this record, milliseconds since 1970", SimpleType.LONG);
    attribute(MESSAGE, "Most recent status message; empty for none", SimpleType.STRING);
    for (Reading reading : Reading.values()) {
      attribute(reading.attribute(), reading.description(), SimpleType.LONG);
    }
  }

  private void fact(String attribute, String description, Object value) {
    facts.put(attribute, value);
    SimpleType<?> type =
        value instanceof Long
            ? SimpleType.LONG
            : value instanceof Double ? SimpleType.DOUBLE : SimpleType.STRING;
    attribute(attribute, description, type);
  }

  private void attribute(String attribute, String description, SimpleType<?> type) {
    attributes.add(
        new OpenMBeanAttributeInfoSupport(attribute, description, type, true, false, false));
  }

  String name() {
    return name;
  }

  @Override
  public MBeanInfo getMBeanInfo() {
    OpenMBeanOperationInfo[] operations = {
      operation("pause", "Stop allocating; keep all blocks"),
      operation("resume", "Continue allocating after a break, a pause or exhaustion"),
      operation("release", "Release all blocks and end the plan")
    };
    return new OpenMBeanInfoSupport(
        PlanBean.class.getName(),
        "A plan of allocmem; bytes unless an attribute says otherwise, -1: not measured",
        attributes.toArray(new OpenMBeanAttributeInfo[0]),
        null,
        operations,
        null);
  }

  private static OpenMBeanOperationInfo operation(String operation, String description) {
    return new OpenMBeanOperationInfoSupport(
        operation,
        description + ". Returns when the plan has done so",
        null,
        SimpleType.VOID,
        MBeanOperationInfo.ACTION);
  }

  @Override
  public Object getAttribute(String attribute) throws AttributeNotFoundException {
    Object value = valueIn(commands.status(), attribute);
    if (value == null) {
      throw new AttributeNotFoundException("a plan has no attribute " + attribute);
    }
    return value;
  }

  /** Returns values of a single record. */
  @Override
  public AttributeList getAttributes(String[] names) {
    Status status = commands.status();
    AttributeList found = new AttributeList();
    for (String attribute : names) {
      Object value = valueIn(status, attribute);
      if (value != null) {
        found.add(new Attribute(attribute, value));
      }
    }
    return found;
  }

  private Object valueIn(Status status, String attribute) {
    switch (attribute) {
      case PHASE:
        return status.phase.name();
      case HEARTBEAT:
        return status.heartbeatMillis;
      case MESSAGE:
        return status.message;
      default:
        return facts.containsKey(attribute) ? facts.get(attribute) : readingIn(status, attribute);
    }
  }

  private static Long readingIn(Status status, String attribute) {
    for (Reading reading : Reading.values()) {
      if (reading.attribute().equals(attribute)) {
        return status.get(reading);
      }
    }
    return null;
  }

  @Override
  public Object invoke(String operation, Object[] parameters, String[] signature)
      throws ReflectionException {
    switch (operation) {
      case "pause":
        commands.pause();
        return null;
      case "resume":
        commands.resume();
        return null;
      case "release":
        commands.release();
        return null;
      default:
        throw new ReflectionException(new NoSuchMethodException(operation));
    }
  }

  @Override
  public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
    throw new AttributeNotFoundException("no attribute of a plan can be written");
  }

  @Override
  public AttributeList setAttributes(AttributeList attributes) {
    return new AttributeList();
  }
}
