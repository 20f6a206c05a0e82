"""The init for x86_64, one instruction a line; what it does says ``init_program``.

Calls and their numbers: syscalls(2); rbx to r15 survive a call, rcx and r11 don't.
"""

CODE = (
    b"\x48\x8b\x1c\x24"  # mov rbx, [rsp] ; argc
    b"\x4c\x8d\x64\x24\x10"  # lea r12, [rsp + 16] ; argv + 1: what to run
    b"\x4c\x8d\x6c\xdc\x10"  # lea r13, [rsp + rbx*8 + 16] ; the environment
    b"\x48\x81\xec\x00\x20\x00\x00"  # sub rsp, 8192
    b"\x49\x8b\x3c\x24"  # mov rdi, [r12]
    b"\x48\x85\xff"  # test rdi, rdi
    b"\x0f\x84\xc1\x01\x00\x00"  # jz nothing
    b"\x66\x81\x3f\x2d\x2d"  # cmp word ptr [rdi], 0x2d2d ; "--"
    b"\x75\x15"  # jne ready
    b"\x80\x7f\x02\x00"  # cmp byte ptr [rdi + 2], 0
    b"\x75\x0f"  # jne ready
    b"\x49\x83\xc4\x08"  # add r12, 8 ; the program is after it
    b"\x49\x83\x3c\x24\x00"  # cmp qword ptr [r12], 0
    b"\x0f\x84\xa5\x01\x00\x00"  # jz nothing
    # ready:
    # mov qword ptr [rsp], -1 ; the set of all signals
    b"\x48\xc7\x04\x24\xff\xff\xff\xff"
    b"\x31\xff"  # xor edi, edi ; SIG_BLOCK
    b"\x48\x89\xe6"  # mov rsi, rsp
    # lea rdx, [rsp + 8] ; the mask we were given, for the child
    b"\x48\x8d\x54\x24\x08"
    b"\x41\xba\x08\x00\x00\x00"  # mov r10d, 8
    b"\xb8\x0e\x00\x00\x00"  # mov eax, 14 ; rt_sigprocmask
    b"\x0f\x05"  # syscall
    b"\xb8\x39\x00\x00\x00"  # mov eax, 57 ; fork
    b"\x0f\x05"  # syscall
    b"\x85\xc0"  # test eax, eax
    b"\x0f\x88\x77\x01\x00\x00"  # js nothing
    b"\x74\x71"  # jz child
    b"\x89\xc5"  # mov ebp, eax ; the child's pid
    # again:
    b"\x48\x89\xe7"  # mov rdi, rsp
    b"\x31\xf6"  # xor esi, esi
    b"\x31\xd2"  # xor edx, edx
    b"\x41\xba\x08\x00\x00\x00"  # mov r10d, 8
    b"\xb8\x80\x00\x00\x00"  # mov eax, 128 ; rt_sigtimedwait: for any signal, for ever
    b"\x0f\x05"  # syscall
    b"\x83\xf8\x11"  # cmp eax, 17 ; SIGCHLD
    b"\x74\x11"  # je reap
    b"\x85\xc0"  # test eax, eax
    b"\x7e\xe3"  # jle again ; interrupted
    b"\x89\xc6"  # mov esi, eax ; any other: hand it on
    b"\x89\xef"  # mov edi, ebp
    b"\xb8\x3e\x00\x00\x00"  # mov eax, 62 ; kill
    b"\x0f\x05"  # syscall
    b"\xeb\xd6"  # jmp again
    # reap:
    b"\xbf\xff\xff\xff\xff"  # mov edi, -1
    b"\x48\x8d\x74\x24\x10"  # lea rsi, [rsp + 16] ; the status
    b"\xba\x01\x00\x00\x00"  # mov edx, 1 ; WNOHANG
    b"\x45\x31\xd2"  # xor r10d, r10d
    b"\xb8\x3d\x00\x00\x00"  # mov eax, 61 ; wait4
    b"\x0f\x05"  # syscall
    b"\x85\xc0"  # test eax, eax
    b"\x7e\xb9"  # jle again ; no more dead
    b"\x39\xe8"  # cmp eax, ebp
    b"\x75\xdf"  # jne reap ; an orphan
    b"\x8b\x7c\x24\x10"  # mov edi, [rsp + 16]
    b"\x89\xf8"  # mov eax, edi
    b"\x83\xe0\x7f"  # and eax, 0x7f ; the signal that killed it
    b"\x8d\xb0\x80\x00\x00\x00"  # lea esi, [rax + 128]
    b"\xc1\xef\x08"  # shr edi, 8
    b"\x81\xe7\xff\x00\x00\x00"  # and edi, 0xff ; or its exit code
    b"\x85\xc0"  # test eax, eax
    b"\x0f\x45\xfe"  # cmovnz edi, esi
    b"\xb8\xe7\x00\x00\x00"  # mov eax, 231 ; exit_group
    b"\x0f\x05"  # syscall
    # child:
    b"\x31\xff"  # xor edi, edi
    b"\x31\xf6"  # xor esi, esi
    b"\xb8\x6d\x00\x00\x00"  # mov eax, 109 ; setpgid: a job of its own
    b"\x0f\x05"  # syscall
    b"\xb8\x27\x00\x00\x00"  # mov eax, 39 ; getpid
    b"\x0f\x05"  # syscall
    b"\x89\x44\x24\x10"  # mov [rsp + 16], eax
    b"\x31\xff"  # xor edi, edi
    # mov esi, 0x5410 ; TIOCSPGRP: in the foreground, on a terminal
    b"\xbe\x10\x54\x00\x00"
    b"\x48\x8d\x54\x24\x10"  # lea rdx, [rsp + 16]
    b"\xb8\x10\x00\x00\x00"  # mov eax, 16 ; ioctl
    b"\x0f\x05"  # syscall
    b"\xbf\x02\x00\x00\x00"  # mov edi, 2 ; SIG_SETMASK
    b"\x48\x8d\x74\x24\x08"  # lea rsi, [rsp + 8]
    b"\x31\xd2"  # xor edx, edx
    b"\x41\xba\x08\x00\x00\x00"  # mov r10d, 8
    b"\xb8\x0e\x00\x00\x00"  # mov eax, 14 ; rt_sigprocmask
    b"\x0f\x05"  # syscall
    # mov r14d, 127 ; the exit code if there is no such program
    b"\x41\xbe\x7f\x00\x00\x00"
    b"\x49\x8b\x34\x24"  # mov rsi, [r12]
    b"\x48\x89\xf7"  # mov rdi, rsi
    # slash:
    b"\xac"  # lodsb
    b"\x3c\x2f"  # cmp al, '/'
    b"\x74\x6a"  # je execute_it ; a path: not searched for
    b"\x84\xc0"  # test al, al
    b"\x75\xf7"  # jnz slash
    b"\x4c\x89\xeb"  # mov rbx, r13
    # variable:
    b"\x48\x8b\x33"  # mov rsi, [rbx]
    b"\x48\x83\xc3\x08"  # add rbx, 8
    b"\x48\x85\xf6"  # test rsi, rsi
    b"\x74\x5c"  # jz failed ; there is no $PATH
    b"\x81\x3e\x50\x41\x54\x48"  # cmp dword ptr [rsi], 0x48544150 ; "PATH"
    b"\x75\xec"  # jne variable
    b"\x80\x7e\x04\x3d"  # cmp byte ptr [rsi + 4], '='
    b"\x75\xe6"  # jne variable
    b"\x48\x83\xc6\x05"  # add rsi, 5
    # folder:
    b"\x48\x89\xe7"  # mov rdi, rsp ; candidates are put together here
    b"\xb9\x40\x1f\x00\x00"  # mov ecx, 8000 ; and have so much room
    # copy:
    b"\xac"  # lodsb
    b"\x3c\x3a"  # cmp al, ':'
    b"\x74\x09"  # je complete
    b"\x84\xc0"  # test al, al
    b"\x74\x05"  # jz complete
    b"\xaa"  # stosb
    b"\xe2\xf4"  # loop copy
    b"\xeb\x34"  # jmp failed ; a folder longer than any path
    # complete:
    b"\x88\xc3"  # mov bl, al ; what ended the folder's name
    b"\x48\x39\xe7"  # cmp rdi, rsp
    b"\x75\x03"  # jne named
    b"\xb0\x2e"  # mov al, '.' ; an empty one is the working folder
    b"\xaa"  # stosb
    # named:
    b"\xb0\x2f"  # mov al, '/'
    b"\xaa"  # stosb
    b"\x49\x89\xf7"  # mov r15, rsi
    b"\x49\x8b\x34\x24"  # mov rsi, [r12]
    # name:
    b"\xac"  # lodsb
    b"\xaa"  # stosb
    b"\x84\xc0"  # test al, al
    b"\x74\x04"  # jz try
    b"\xe2\xf8"  # loop name
    b"\xeb\x16"  # jmp failed
    # try:
    b"\x48\x89\xe7"  # mov rdi, rsp
    b"\xe8\x5b\x00\x00\x00"  # call become
    b"\x4c\x89\xfe"  # mov rsi, r15
    b"\x84\xdb"  # test bl, bl
    b"\x75\xbd"  # jnz folder
    b"\xeb\x05"  # jmp failed
    # execute_it:
    b"\xe8\x4d\x00\x00\x00"  # call become
    # failed:
    b"\x49\x8b\x34\x24"  # mov rsi, [r12]
    b"\x48\x89\xf7"  # mov rdi, rsi
    b"\x31\xd2"  # xor edx, edx
    # length:
    b"\x80\x3c\x16\x00"  # cmp byte ptr [rsi + rdx], 0
    b"\x74\x04"  # je say
    b"\xff\xc2"  # inc edx
    b"\xeb\xf6"  # jmp length
    # say:
    b"\xbf\x02\x00\x00\x00"  # mov edi, 2
    b"\xb8\x01\x00\x00\x00"  # mov eax, 1 ; write: the name
    b"\x0f\x05"  # syscall
    b"\x48\x8d\x35\x45\x00\x00\x00"  # lea rsi, [rip + text]
    b"\xba\x16\x00\x00\x00"  # mov edx, 22
    b"\xbf\x02\x00\x00\x00"  # mov edi, 2
    b"\xb8\x01\x00\x00\x00"  # mov eax, 1 ; write: what is wrong with it
    b"\x0f\x05"  # syscall
    b"\x44\x89\xf7"  # mov edi, r14d
    b"\xb8\xe7\x00\x00\x00"  # mov eax, 231 ; exit_group
    b"\x0f\x05"  # syscall
    # nothing:
    b"\xbf\x01\x00\x00\x00"  # mov edi, 1
    b"\xb8\xe7\x00\x00\x00"  # mov eax, 231 ; exit_group
    b"\x0f\x05"  # syscall
    # become:
    b"\x4c\x89\xe6"  # mov rsi, r12
    b"\x4c\x89\xea"  # mov rdx, r13
    b"\xb8\x3b\x00\x00\x00"  # mov eax, 59 ; execve: returns by an error only
    b"\x0f\x05"  # syscall
    b"\x83\xf8\xfe"  # cmp eax, -2 ; ENOENT
    b"\x74\x0b"  # je absent
    b"\x83\xf8\xec"  # cmp eax, -20 ; ENOTDIR
    b"\x74\x06"  # je absent
    b"\x41\xbe\x7e\x00\x00\x00"  # mov r14d, 126 ; it is there, and can't be run
    # absent:
    b"\xc3"  # ret
)
