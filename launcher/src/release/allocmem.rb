class Allocmem < Formula
  desc "Controlled memory pressure inside a running JVM"
  homepage "@URL@"
  version "@VERSION@"
  license "Apache-2.0"

  on_macos do
    url "@URL@/releases/download/v@VERSION@/allocmem.jar"
    sha256 "@SHA256:allocmem.jar@"
    depends_on "openjdk"
  end

  on_linux do
    on_intel do
      url "@URL@/releases/download/v@VERSION@/allocmem-linux-x64.tar.gz"
      sha256 "@SHA256:allocmem-linux-x64.tar.gz@"
    end
    on_arm do
      url "@URL@/releases/download/v@VERSION@/allocmem-linux-arm64.tar.gz"
      sha256 "@SHA256:allocmem-linux-arm64.tar.gz@"
    end
  end

  def install
    if OS.mac?
      libexec.install "allocmem.jar"
      bin.write_jar_script libexec/"allocmem.jar", "allocmem"
    else
      libexec.install "bin", "lib"
      bin.install_symlink libexec/"bin/allocmem"
      man1.install Dir["share/man/man1/*.1"]
      bash_completion.install "share/bash-completion/completions/allocmem"
    end
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/allocmem --version")
  end
end
