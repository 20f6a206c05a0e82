"""``config.json`` is spelled as the OCI runtime specification spells it."""

from labkit.base.codec import camel_case, decode, encode
from labkit.spec.runtime import (
    BlockIoResources,
    CapabilitySets,
    Device,
    IdMapping,
    Linux,
    MemoryResources,
    Mount,
    Namespace,
    PidsResources,
    Process,
    Resources,
    Rlimit,
    Seccomp,
    SeccompArgument,
    SeccompRule,
    Spec,
    ThrottleDevice,
    User,
)

FULL = Spec(
    process=Process(
        args=("sh",),
        env=("PATH=/bin",),
        terminal=True,
        user=User(uid=1, additional_gids=(5,)),
        rlimits=(Rlimit("RLIMIT_NOFILE", 10, 5),),
        capabilities=CapabilitySets(bounding=("CAP_CHOWN",)),
        no_new_privileges=True,
    ),
    hostname="box",
    mounts=(Mount("/proc", "proc", "proc", ("nosuid",)),),
    linux=Linux(
        namespaces=(Namespace("pid"), Namespace("network", "/proc/1/ns/net")),
        uid_mappings=(IdMapping(0, 1000, 1),),
        devices=(Device("/dev/null", "c", 1, 3, 0o666),),
        resources=Resources(
            memory=MemoryResources(limit=1, disable_oom_killer=True),
            pids=PidsResources(7),
            block_io=BlockIoResources(
                throttle_read_iops_device=(ThrottleDevice(8, 0, 9),)
            ),
        ),
        seccomp=Seccomp(
            "SCMP_ACT_ERRNO",
            syscalls=(
                SeccompRule(
                    ("clone",),
                    "SCMP_ACT_ALLOW",
                    args=(SeccompArgument(0, 1, "SCMP_CMP_MASKED_EQ", 2),),
                ),
            ),
        ),
    ),
)


def test_round_trip() -> None:
    assert decode(Spec, encode(FULL, camel_case), camel_case) == FULL


def test_odd_spellings_are_the_specifications() -> None:
    document = encode(FULL, camel_case)
    assert document["ociVersion"] == "1.1.0"
    assert document["process"]["noNewPrivileges"] is True
    assert document["process"]["user"]["additionalGids"] == [5]
    linux = document["linux"]
    assert linux["uidMappings"] == [{"containerID": 0, "hostID": 1000, "size": 1}]
    assert linux["resources"]["memory"]["disableOOMKiller"] is True
    assert "throttleReadIOPSDevice" in linux["resources"]["blockIO"]
    assert linux["seccomp"]["syscalls"][0]["args"][0]["valueTwo"] == 2
    assert linux["namespaces"][0] == {"type": "pid"}
