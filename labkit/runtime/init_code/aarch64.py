"""The init for aarch64, one instruction a line; what it does says ``init_program``.

Calls and their numbers: syscalls(2); all registers but x0 survive a call.
"""

import struct

_WORDS = (
    0xF94003E0,  # ldr x0, [sp] ; argc
    0x910043F3,  # add x19, sp, #16 ; argv + 1: what to run
    0x8B000E74,  # add x20, x19, x0, lsl #3 ; the environment
    0xD1400BFF,  # sub sp, sp, #8192
    0xF9400260,  # ldr x0, [x19]
    0xB40011E0,  # cbz x0, nothing
    0x79400001,  # ldrh w1, [x0]
    0x5285A5A2,  # mov w2, #0x2d2d ; "--"
    0x6B02003F,  # cmp w1, w2
    0x540000C1,  # b.ne ready
    0x39400801,  # ldrb w1, [x0, #2]
    0x35000081,  # cbnz w1, ready
    0x91002273,  # add x19, x19, #8 ; the program is after it
    0xF9400260,  # ldr x0, [x19]
    0xB40010C0,  # cbz x0, nothing
    # ready:
    0x92800000,  # mov x0, #-1 ; the set of all signals
    0xF90003E0,  # str x0, [sp]
    0xD2800000,  # mov x0, #0 ; SIG_BLOCK
    0x910003E1,  # mov x1, sp
    0x910023E2,  # add x2, sp, #8 ; the mask we were given, for the child
    0xD2800103,  # mov x3, #8
    0xD28010E8,  # mov x8, #135 ; rt_sigprocmask
    0xD4000001,  # svc #0
    0xD2800220,  # mov x0, #17 ; SIGCHLD: as fork does
    0xD2800001,  # mov x1, #0
    0xD2800002,  # mov x2, #0
    0xD2800003,  # mov x3, #0
    0xD2800004,  # mov x4, #0
    0xD2801B88,  # mov x8, #220 ; clone
    0xD4000001,  # svc #0
    0x37F80EC0,  # tbnz w0, #31, nothing
    0x34000440,  # cbz w0, child
    0x2A0003F5,  # mov w21, w0 ; the child's pid
    # again:
    0x910003E0,  # mov x0, sp
    0xD2800001,  # mov x1, #0
    0xD2800002,  # mov x2, #0
    0xD2800103,  # mov x3, #8
    0xD2801128,  # mov x8, #137 ; rt_sigtimedwait: for any signal, for ever
    0xD4000001,  # svc #0
    0x7100441F,  # cmp w0, #17 ; SIGCHLD
    0x54000100,  # b.eq reap
    0x7100001F,  # cmp w0, #0
    0x54FFFEED,  # b.le again ; interrupted
    0x2A0003E1,  # mov w1, w0 ; any other: hand it on
    0x2A1503E0,  # mov w0, w21
    0xD2801028,  # mov x8, #129 ; kill
    0xD4000001,  # svc #0
    0x17FFFFF2,  # b again
    # reap:
    0x92800000,  # mov x0, #-1
    0x910043E1,  # add x1, sp, #16 ; the status
    0xD2800022,  # mov x2, #1 ; WNOHANG
    0xD2800003,  # mov x3, #0
    0xD2802088,  # mov x8, #260 ; wait4
    0xD4000001,  # svc #0
    0x7100001F,  # cmp w0, #0
    0x54FFFD4D,  # b.le again ; no more dead
    0x6B15001F,  # cmp w0, w21
    0x54FFFEE1,  # b.ne reap ; an orphan
    0xB94013E1,  # ldr w1, [sp, #16]
    0x53083C20,  # ubfx w0, w1, #8, #8 ; its exit code
    0x72001822,  # ands w2, w1, #0x7f ; or the signal that killed it
    0x11020042,  # add w2, w2, #128
    0x1A801040,  # csel w0, w2, w0, ne
    0xD2800BC8,  # mov x8, #94 ; exit_group
    0xD4000001,  # svc #0
    # child:
    0xD2800000,  # mov x0, #0
    0xD2800001,  # mov x1, #0
    0xD2801348,  # mov x8, #154 ; setpgid: a job of its own
    0xD4000001,  # svc #0
    0xD2801588,  # mov x8, #172 ; getpid
    0xD4000001,  # svc #0
    0xB90013E0,  # str w0, [sp, #16]
    0xD2800000,  # mov x0, #0
    0xD28A8201,  # mov x1, #0x5410 ; TIOCSPGRP: in the foreground, on a terminal
    0x910043E2,  # add x2, sp, #16
    0xD28003A8,  # mov x8, #29 ; ioctl
    0xD4000001,  # svc #0
    0xD2800040,  # mov x0, #2 ; SIG_SETMASK
    0x910023E1,  # add x1, sp, #8
    0xD2800002,  # mov x2, #0
    0xD2800103,  # mov x3, #8
    0xD28010E8,  # mov x8, #135 ; rt_sigprocmask
    0xD4000001,  # svc #0
    0x52800FF6,  # mov w22, #127 ; the exit code if there is no such program
    0xF9400260,  # ldr x0, [x19]
    0xAA0003E1,  # mov x1, x0
    # slash:
    0x38401422,  # ldrb w2, [x1], #1
    0x7100BC5F,  # cmp w2, #'/'
    0x54000540,  # b.eq execute_it ; a path: not searched for
    0x35FFFFA2,  # cbnz w2, slash
    0xAA1403E4,  # mov x4, x20
    0x52882A03,  # mov w3, #0x4150
    0x72A90A83,  # movk w3, #0x4854, lsl #16 ; "PATH"
    # variable:
    0xF8408481,  # ldr x1, [x4], #8
    0xB40004A1,  # cbz x1, failed ; there is no $PATH
    0xB9400022,  # ldr w2, [x1]
    0x6B03005F,  # cmp w2, w3
    0x54FFFF81,  # b.ne variable
    0x39401022,  # ldrb w2, [x1, #4]
    0x7100F45F,  # cmp w2, #'='
    0x54FFFF21,  # b.ne variable
    0x91001437,  # add x23, x1, #5
    # folder:
    0x910003E0,  # mov x0, sp ; candidates are put together here
    0x5283E805,  # mov w5, #8000 ; and have so much room
    # copy:
    0x384016F8,  # ldrb w24, [x23], #1
    0x7100EB1F,  # cmp w24, #':'
    0x540000C0,  # b.eq complete
    0x340000B8,  # cbz w24, complete
    0x38001418,  # strb w24, [x0], #1
    0x710004A5,  # subs w5, w5, #1
    0x54FFFF41,  # b.ne copy
    0x14000014,  # b failed ; a folder longer than any path
    # complete:
    0x910003E2,  # mov x2, sp
    0xEB02001F,  # cmp x0, x2
    0x54000061,  # b.ne named
    0x528005C2,  # mov w2, #'.' ; an empty one is the working folder
    0x38001402,  # strb w2, [x0], #1
    # named:
    0x528005E2,  # mov w2, #'/'
    0x38001402,  # strb w2, [x0], #1
    0xF9400261,  # ldr x1, [x19]
    # name:
    0x38401422,  # ldrb w2, [x1], #1
    0x38001402,  # strb w2, [x0], #1
    0x34000082,  # cbz w2, try
    0x710004A5,  # subs w5, w5, #1
    0x54FFFF81,  # b.ne name
    0x14000006,  # b failed
    # try:
    0x910003E0,  # mov x0, sp
    0x94000018,  # bl become
    0x35FFFCD8,  # cbnz w24, folder
    0x14000002,  # b failed
    # execute_it:
    0x94000015,  # bl become
    # failed:
    0xF9400261,  # ldr x1, [x19]
    0xD2800002,  # mov x2, #0
    # length:
    0x38626823,  # ldrb w3, [x1, x2]
    0x34000063,  # cbz w3, say
    0x91000442,  # add x2, x2, #1
    0x17FFFFFD,  # b length
    # say:
    0xD2800040,  # mov x0, #2
    0xD2800808,  # mov x8, #64 ; write: the name
    0xD4000001,  # svc #0
    0x100002A1,  # adr x1, text
    0xD28002C2,  # mov x2, #22
    0xD2800040,  # mov x0, #2
    0xD2800808,  # mov x8, #64 ; write: what is wrong with it
    0xD4000001,  # svc #0
    0x2A1603E0,  # mov w0, w22
    0xD2800BC8,  # mov x8, #94 ; exit_group
    0xD4000001,  # svc #0
    # nothing:
    0xD2800020,  # mov x0, #1
    0xD2800BC8,  # mov x8, #94 ; exit_group
    0xD4000001,  # svc #0
    # become:
    0xAA1303E1,  # mov x1, x19
    0xAA1403E2,  # mov x2, x20
    0xD2801BA8,  # mov x8, #221 ; execve: returns by an error only
    0xD4000001,  # svc #0
    0x3100081F,  # cmn w0, #2 ; ENOENT
    0x54000080,  # b.eq absent
    0x3100501F,  # cmn w0, #20 ; ENOTDIR
    0x54000040,  # b.eq absent
    0x52800FD6,  # mov w22, #126 ; it is there, and can't be run
    # absent:
    0xD65F03C0,  # ret
)

CODE = struct.pack(f"<{len(_WORDS)}I", *_WORDS)
