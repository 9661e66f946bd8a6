package io.allocmem.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.launcher.fixtures.Fuzz;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts of real nodes: kubelet with each runtime and driver, Docker, podman, kind, minikube. */
class ContainerNamesTest {
  private static final String UID = "2c48913c-b29f-11e7-9350-020968147796";
  private static final String ID =
      "9bca8d63d5fa610783847915bcff0ecac1273e5b4bed3f6fa1b07350e0135961";
  private static final String OTHER =
      "72be2865c435abce6fb5167e6c0604027a41964dba3b920bd34b23762af67fb8";

  private static final String MOUNTS =
      """
      1039 961 0:102 / / rw,relatime master:401 - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/ZSKE
      865 857 253:0 /var/lib/kubelet/pods/%1$s/volumes/kubernetes.io~configmap/typha-ca /typha-ca ro,relatime - ext4 /dev/vda rw
      1046 1041 253:0 /var/lib/kubelet/pods/%1$s/containers/shop/c46bde50 /dev/termination-log rw,relatime - ext4 /dev/vda rw
      1048 1039 253:0 /var/lib/docker/containers/3de9403cee30663f24308ed70211c07f82de65efa2d8dec576f356c3d40e410f/hostname /etc/hostname rw,relatime - ext4 /dev/vda rw
      1049 1039 253:0 /var/lib/kubelet/pods/%1$s/etc-hosts /etc/hosts rw,relatime - ext4 /dev/vda rw
      """
          .formatted(UID);

  @ParameterizedTest
  @ValueSource(
      strings = {
        // cgroupfs: burstable, best effort, guaranteed, own root, minikube, namespace of the reader
        "4:memory:/kubepods/burstable/podUID/ID",
        "4:memory:/kubepods/besteffort/podUID/ID",
        "11:cpu,cpuacct:/kubepods/podUID/ID",
        "9:name=systemd:/k3s/kubepods/burstable/podUID/ID",
        "3:cpu:/docker/OTHER/kubepods/besteffort/podUID/ID",
        "0::/../../podUID/ID",
        // systemd: containerd, Docker with dashes, CRI-O, CRI-O with crun, k3s, kind
        "0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podU_ID.slice/cri-containerd-ID.scope",
        "0::/kubepods.slice/kubepods-podU_ID.slice/cri-containerd-ID.scope",
        "1:name=systemd:/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podUID.slice/docker-ID.scope",
        "0::/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-podU_ID.slice/crio-ID.scope",
        "0::/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-podU_ID.slice/crio-ID.scope/container",
        "0::/../../kubepods-besteffort-podU_ID.slice/cri-containerd-ID.scope",
        "0::/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/kubelet-kubepods-burstable-podU_ID.slice/cri-containerd-ID.scope",
        "0::/docker/OTHER/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-podU_ID.slice/cri-containerd-ID.scope",
        // kubelet with systemd above containerd with cgroupfs
        "8:memory:/system.slice/containerd.service/kubepods-besteffort-podU_ID.slice:cri-containerd:ID"
      })
  void podAndContainerAreReadFromEachFormOfThePath(String line) {
    ContainerNames names = ContainerNames.inCgroup(cgroup(line));
    assertThat(names.podUid()).isEqualTo(UID);
    assertThat(names.containerId()).isEqualTo(ID);
    assertThat(names.pod()).isEqualTo(UID);
    assertThat(names.container()).isEqualTo("9bca8d63d5fa");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "11:devices:/docker/ID",
        "10:net_prio:/ID",
        "0::/system.slice/docker-ID.scope",
        "0::/machine.slice/libpod-ID.scope/container",
        "0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-ID.scope",
        "13:pids:/libpod_parent/libpod-ID",
        "0::/../crio-ID.scope",
        "0::/system.slice/nerdctl-ID.scope"
      })
  void aContainerWithoutAPodHasAnIdOnly(String line) {
    ContainerNames names = ContainerNames.inCgroup(cgroup(line));
    assertThat(names).isEqualTo(new ContainerNames("", "", "", ID));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0::/",
        "0::/init.scope",
        "0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-gnome-java-4711.scope",
        "1:name=systemd:/system.slice/tomcat9.service",
        "0::/kubepods.slice/kubepods-burstable.slice",
        "0::/podman.slice",
        "0::/machine.slice/libpod-conmon.scope",
        "no line of this file"
      })
  void aProcessOutsideContainersHasNoNames(String line) {
    assertThat(ContainerNames.inCgroup(cgroup(line))).isEqualTo(ContainerNames.NONE);
  }

  @Test
  void aStaticPodHasTheChecksumOfItsManifest() {
    String line =
        "0::/kubepods.slice/kubepods-burstable-pod23b5c5a138ffb34cba6fda53690335d5.slice/cri-containerd-ID.scope";
    assertThat(ContainerNames.inCgroup(cgroup(line)).podUid())
        .isEqualTo("23b5c5a138ffb34cba6fda53690335d5");
  }

  @Test
  void aTaskOfFargateHasItsId() {
    String line =
        "1:name=systemd:/ecs/46686c7c701cdfdf2549f88f7b9575e9/46686c7c701cdfdf2549f88f7b9575e9-2574839563";
    assertThat(ContainerNames.inCgroup(line).container()).isEqualTo("46686c7c701c");
  }

  @Test
  void theLineThatTellsMostCounts() {
    String text = "9:name=systemd:/\n5:cpu:/docker/OTHER\n4:memory:/kubepods/podUID/ID\n0::/\n";
    assertThat(ContainerNames.inCgroup(cgroup(text)).podUid()).isEqualTo(UID);
  }

  @Test
  void theNameOfTheContainerComesFromTheMountOfItsTerminationMessage() {
    ContainerNames ids = new ContainerNames("", UID, "", ID);
    assertThat(ids.withMounts(MOUNTS).container()).isEqualTo("shop");
  }

  @Test
  void aNamespaceThatHidesThePathLeavesTheMount() {
    ContainerNames names = ContainerNames.NONE.withMounts(MOUNTS);
    assertThat(names).isEqualTo(new ContainerNames("", UID, "shop", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/docker/volumes/minikube/_data/lib/kubelet/pods/UID/containers/shop/fce2e0f4",
        "/pods/UID/containers/shop/fce2e0f4",
        "/opt/kubelet/pods/UID/containers/shop/fce2e0f4//deleted"
      })
  void theDirectoryOfKubeletMayBeAnyOne(String source) {
    String line = "1 2 254:1 " + cgroup(source) + " /dev/termination-log rw - ext4 /dev/vda rw";
    assertThat(ContainerNames.NONE.withMounts(line).containerName()).isEqualTo("shop");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/var/lib/kubelet/pods/d6701ec2-89c5-6e43-91ac-b11d07474b31/containers/bank/c46bde50",
        "/var/lib/kubelet/pods/UID/containers/UPPER/c46bde50",
        "/var/lib/kubelet/pods/UID/containers/a\u001b[31mb/c46bde50",
        "/var/lib/kubelet/pods/UID/containers/../c46bde50",
        "/var/lib/kubelet/pods/UID/volumes/containers/c46bde50"
      })
  void aForgedMountGivesNoName(String source) {
    String line = "1 2 254:1 " + cgroup(source) + " /dev/termination-log rw - ext4 /dev/vda rw";
    ContainerNames ids = new ContainerNames("", UID, "", ID);
    assertThat(ids.withMounts(line)).isEqualTo(ids);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "shop-7d4b9c6f8-x2x5q, shop-7d4b9c6f8-x2x5q",
        "web-0.web.prod.svc.cluster.local, web-0.web.prod.svc.cluster.local",
        "'', none",
        "Shop, none",
        "a b, none",
        "-a, none",
        "a..b, none",
        "ab?c, none"
      })
  void theNameOfThePodIsAHostNameOrNone(String said, String read) {
    String environment = "PATH=/bin\0HOSTNAME=" + said + "\0HOME=/\0";
    assertThat(ContainerNames.hostNameIn(environment)).isEqualTo(read == null ? "" : read);
  }

  @Test
  void aNameWithControlCharactersOrWithoutEndIsNone() {
    assertThat(ContainerNames.hostNameIn("HOSTNAME=a\u001b[2J\0")).isEmpty();
    assertThat(ContainerNames.hostNameIn("HOSTNAME=" + "a.".repeat(200) + "a\0")).isEmpty();
    assertThat(ContainerNames.hostNameIn("XHOSTNAME=a\0")).isEmpty();
    assertThat(ContainerNames.hostNameIn("")).isEmpty();
  }

  @Test
  void eachTextIsReadOrGivesNoName() {
    String path = cgroup("4:memory:/kubepods/burstable/podUID/ID\n0::/../../podUID/ID\n");
    Fuzz.rounds(
        100_000,
        random -> {
          ContainerNames names = ContainerNames.inCgroup(Fuzz.mutated(random, path));
          names = names.withMounts(Fuzz.mutated(random, MOUNTS));
          assertThat(names.pod() + names.container()).matches("[a-z0-9-]{0,120}");
          ContainerNames.hostNameIn(Fuzz.mutated(random, "A=b\0HOSTNAME=shop-0\0"));
        });
  }

  private static String cgroup(String text) {
    return text.replace("OTHER", OTHER)
        .replace("U_ID", UID.replace('-', '_'))
        .replaceAll("UID", UID)
        .replaceAll("(?<![A-Z_])ID", ID);
  }
}
