// The kernels of this package in assembly. First the inner products of Gemm: R rows
// of C, sixteen columns at a time. Each element of C adds up its products in the order
// of k with fused rounding, whatever the width of the registers, so both instruction
// sets give the same bits.

#include "textflag.h"

// Every kernel takes the same arguments. Strides are made bytes.
#define ARGS \
	MOVQ k+0(FP), CX; \
	MOVQ a+8(FP), AX; \
	MOVQ lda+16(FP), R8; \
	MOVQ b+24(FP), BX; \
	MOVQ c+32(FP), DX; \
	MOVQ ldc+40(FP), R9; \
	MOVBQZX add+48(FP), R10; \
	SHLQ $2, R8; \
	SHLQ $2, R9

// ROW3 makes to the address three rows of the given stride below from.
#define ROW3(from, stride, to) \
	LEAQ (from)(stride*2), to; \
	ADDQ stride, to

// The parts of a kernel of n rows are those of fewer rows and what comes on top.
// With AVX2, a row of C is in two registers.
#define ZERO(lo, hi) \
	VXORPS lo, lo, lo; \
	VXORPS hi, hi, hi
#define LOAD(row, lo, hi) \
	VMOVUPS row, lo; \
	VMOVUPS 32 row, hi
#define MADD(x, wide, lo, hi) \
	VBROADCASTSS x, wide; \
	VFMADD231PS Y12, wide, lo; \
	VFMADD231PS Y13, wide, hi
#define STORE(row, lo, hi) \
	VMOVUPS lo, row; \
	VMOVUPS hi, 32 row

#define ZERO1 ZERO(Y0, Y1)
#define ZERO2 ZERO1; ZERO(Y2, Y3)
#define ZERO4 ZERO2; ZERO(Y4, Y5); ZERO(Y6, Y7)
#define ZERO6 ZERO4; ZERO(Y8, Y9); ZERO(Y10, Y11)

#define LOAD1 LOAD((DX), Y0, Y1)
#define LOAD2 LOAD1; LOAD((DX)(R9*1), Y2, Y3)
#define LOAD4 LOAD2; LOAD((DX)(R9*2), Y4, Y5); LOAD((DI), Y6, Y7)
#define LOAD6 LOAD4; LOAD((DI)(R9*1), Y8, Y9); LOAD((DI)(R9*2), Y10, Y11)

#define MADD1 VMOVUPS (BX), Y12; VMOVUPS 32(BX), Y13; MADD((AX), Y14, Y0, Y1)
#define MADD2 MADD1; MADD((AX)(R8*1), Y15, Y2, Y3)
#define MADD4 MADD2; MADD((AX)(R8*2), Y14, Y4, Y5); MADD((SI), Y15, Y6, Y7)
#define MADD6 MADD4; MADD((SI)(R8*1), Y14, Y8, Y9); MADD((SI)(R8*2), Y15, Y10, Y11)

#define STORE1 STORE((DX), Y0, Y1)
#define STORE2 STORE1; STORE((DX)(R9*1), Y2, Y3)
#define STORE4 STORE2; STORE((DX)(R9*2), Y4, Y5); STORE((DI), Y6, Y7)
#define STORE6 STORE4; STORE((DI)(R9*1), Y8, Y9); STORE((DI)(R9*2), Y10, Y11)

// With AVX-512 it is in one. DI and DX go from row to row of C.
#define ZZERO(c) VPXORQ c, c, c
#define ZLOAD(c) VMOVUPS (DI), c; ADDQ R9, DI
#define ZMADD(x, c) VFMADD231PS.BCST x, Z31, c
#define ZSTORE(c) VMOVUPS c, (DX); ADDQ R9, DX

#define ZZERO1 ZZERO(Z0)
#define ZZERO2 ZZERO1; ZZERO(Z1)
#define ZZERO4 ZZERO2; ZZERO(Z2); ZZERO(Z3)
#define ZZERO8 ZZERO4; ZZERO(Z4); ZZERO(Z5); ZZERO(Z6); ZZERO(Z7)
#define ZZERO12 ZZERO8; ZZERO(Z8); ZZERO(Z9); ZZERO(Z10); ZZERO(Z11)

#define ZLOAD1 MOVQ DX, DI; ZLOAD(Z0)
#define ZLOAD2 ZLOAD1; ZLOAD(Z1)
#define ZLOAD4 ZLOAD2; ZLOAD(Z2); ZLOAD(Z3)
#define ZLOAD8 ZLOAD4; ZLOAD(Z4); ZLOAD(Z5); ZLOAD(Z6); ZLOAD(Z7)
#define ZLOAD12 ZLOAD8; ZLOAD(Z8); ZLOAD(Z9); ZLOAD(Z10); ZLOAD(Z11)

#define ZMADD1 VMOVUPS (BX), Z31; ZMADD((AX), Z0)
#define ZMADD2 ZMADD1; ZMADD((AX)(R8*1), Z1)
#define ZMADD4 ZMADD2; ZMADD((AX)(R8*2), Z2); ZMADD((SI), Z3)
#define ZMADD8 ZMADD4; ZMADD((SI)(R8*1), Z4); ZMADD((SI)(R8*2), Z5); ZMADD((R11), Z6); ZMADD((R11)(R8*1), Z7)
#define ZMADD12 ZMADD8; ZMADD((R11)(R8*2), Z8); ZMADD((R12), Z9); ZMADD((R12)(R8*1), Z10); ZMADD((R12)(R8*2), Z11)

#define ZSTORE1 ZSTORE(Z0)
#define ZSTORE2 ZSTORE1; ZSTORE(Z1)
#define ZSTORE4 ZSTORE2; ZSTORE(Z2); ZSTORE(Z3)
#define ZSTORE8 ZSTORE4; ZSTORE(Z4); ZSTORE(Z5); ZSTORE(Z6); ZSTORE(Z7)
#define ZSTORE12 ZSTORE8; ZSTORE(Z8); ZSTORE(Z9); ZSTORE(Z10); ZSTORE(Z11)

// func avx2x6(k int, a *float32, lda int, b *float32, c *float32, ldc int, add bool)
TEXT ·avx2x6(SB), NOSPLIT, $0-49
	ARGS
	ROW3(AX, R8, SI)
	ROW3(DX, R9, DI)
	ZERO6
	TESTQ R10, R10
	JZ loop
	LOAD6
loop:
	TESTQ CX, CX
	JZ done
next:
	MADD6
	ADDQ $4, AX
	ADDQ $4, SI
	ADDQ $64, BX
	DECQ CX
	JNZ next
done:
	STORE6
	VZEROUPPER
	RET

// func avx2x4(k int, a *float32, lda int, b *float32, c *float32, ldc int, add bool)
TEXT ·avx2x4(SB), NOSPLIT, $0-49
	ARGS
	ROW3(AX, R8, SI)
	ROW3(DX, R9, DI)
	ZERO4
	TESTQ R10, R10
	JZ loop
	LOAD4
loop:
	TESTQ CX, CX
	JZ done
next:
	MADD4
	ADDQ $4, AX
	ADDQ $4, SI
	ADDQ $64, BX
	DECQ CX
	JNZ next
done:
	STORE4
	VZEROUPPER
	RET

// func avx2x2(k int, a *float32, lda int, b *float32, c *float32, ldc int, add bool)
TEXT ·avx2x2(SB), NOSPLIT, $0-49
	ARGS
	ZERO2
	TESTQ R10, R10
	JZ loop
	LOAD2
loop:
	TESTQ CX, CX
	JZ done
next:
	MADD2
	ADDQ $4, AX
	ADDQ $64, BX
	DECQ CX
	JNZ next
done:
	STORE2
	VZEROUPPER
	RET

// func avx2x1(k int, a *float32, lda int, b *float32, c *float32, ldc int, add bool)
TEXT ·avx2x1(SB), NOSPLIT, $0-49
	ARGS
	ZERO1
	TESTQ R10, R10
	JZ loop
	LOAD1
loop:
	TESTQ CX, CX
	JZ done
next:
	MADD1
	ADDQ $4, AX
	ADDQ $64, BX
	DECQ CX
	JNZ next
done:
	STORE1
	VZEROUPPER
	RET

// func avx512x12(k int, a *float32, lda int, b *float32, c *float32, ldc int, add bool)
TEXT ·avx512x12(SB), NOSPLIT, $0-49
	ARGS
	ROW3(AX, R8, SI)
	ROW3(SI, R8, R11)
	ROW3(R11, R8, R12)
	ZZERO12
	TESTQ R10, R10
	JZ loop
	ZLOAD12
loop:
	TESTQ CX, CX
	JZ done
next:
	ZMADD12
	ADDQ $4, AX
	ADDQ $4, SI
	ADDQ $4, R11
	ADDQ $4, R12
	ADDQ $64, BX
	DECQ CX
	JNZ next
done:
	ZSTORE12
	VZEROUPPER
	RET

// func avx512x8(k int, a *float32, lda int, b *float32, c *float32, ldc int, add bool)
TEXT ·avx512x8(SB), NOSPLIT, $0-49
	ARGS
	ROW3(AX, R8, SI)
	ROW3(SI, R8, R11)
	ZZERO8
	TESTQ R10, R10
	JZ loop
	ZLOAD8
loop:
	TESTQ CX, CX
	JZ done
next:
	ZMADD8
	ADDQ $4, AX
	ADDQ $4, SI
	ADDQ $4, R11
	ADDQ $64, BX
	DECQ CX
	JNZ next
done:
	ZSTORE8
	VZEROUPPER
	RET

// func avx512x4(k int, a *float32, lda int, b *float32, c *float32, ldc int, add bool)
TEXT ·avx512x4(SB), NOSPLIT, $0-49
	ARGS
	ROW3(AX, R8, SI)
	ZZERO4
	TESTQ R10, R10
	JZ loop
	ZLOAD4
loop:
	TESTQ CX, CX
	JZ done
next:
	ZMADD4
	ADDQ $4, AX
	ADDQ $4, SI
	ADDQ $64, BX
	DECQ CX
	JNZ next
done:
	ZSTORE4
	VZEROUPPER
	RET

// func avx512x2(k int, a *float32, lda int, b *float32, c *float32, ldc int, add bool)
TEXT ·avx512x2(SB), NOSPLIT, $0-49
	ARGS
	ZZERO2
	TESTQ R10, R10
	JZ loop
	ZLOAD2
loop:
	TESTQ CX, CX
	JZ done
next:
	ZMADD2
	ADDQ $4, AX
	ADDQ $64, BX
	DECQ CX
	JNZ next
done:
	ZSTORE2
	VZEROUPPER
	RET

// func avx512x1(k int, a *float32, lda int, b *float32, c *float32, ldc int, add bool)
TEXT ·avx512x1(SB), NOSPLIT, $0-49
	ARGS
	ZZERO1
	TESTQ R10, R10
	JZ loop
	ZLOAD1
loop:
	TESTQ CX, CX
	JZ done
next:
	ZMADD1
	ADDQ $4, AX
	ADDQ $64, BX
	DECQ CX
	JNZ next
done:
	ZSTORE1
	VZEROUPPER
	RET

// The constants of tanh in vec.go: the clamp, the numerator, the denominator,
// the clamp negated.
DATA coef<>+0(SB)/4, $0x40fcf84f
DATA coef<>+4(SB)/4, $0xa59f25c0
DATA coef<>+8(SB)/4, $0x2a61337e
DATA coef<>+12(SB)/4, $0xaebd37ff
DATA coef<>+16(SB)/4, $0x335c0041
DATA coef<>+20(SB)/4, $0x3779434a
DATA coef<>+24(SB)/4, $0x3a270ded
DATA coef<>+28(SB)/4, $0x3ba059dc
DATA coef<>+32(SB)/4, $0x35a0d3d8
DATA coef<>+36(SB)/4, $0x38f895d6
DATA coef<>+40(SB)/4, $0x3b14aa05
DATA coef<>+44(SB)/4, $0x3ba059dd
DATA coef<>+48(SB)/4, $0xc0fcf84f
GLOBL coef<>(SB), RODATA|NOPTR, $52

// func tanhAVX2(x *float32, n int)
// n is a multiple of 8. Products and sums are rounded one by one, as Go does.
TEXT ·tanhAVX2(SB), NOSPLIT, $0-16
	MOVQ x+0(FP), AX
	MOVQ n+8(FP), CX
	VBROADCASTSS coef<>+0(SB), Y0
	VBROADCASTSS coef<>+4(SB), Y1
	VBROADCASTSS coef<>+8(SB), Y2
	VBROADCASTSS coef<>+12(SB), Y3
	VBROADCASTSS coef<>+16(SB), Y4
	VBROADCASTSS coef<>+20(SB), Y5
	VBROADCASTSS coef<>+24(SB), Y6
	VBROADCASTSS coef<>+28(SB), Y7
	VBROADCASTSS coef<>+32(SB), Y8
	VBROADCASTSS coef<>+36(SB), Y9
	VBROADCASTSS coef<>+40(SB), Y10
	VBROADCASTSS coef<>+44(SB), Y11
	VBROADCASTSS coef<>+48(SB), Y15
tanhloop:
	VMOVUPS (AX), Y12
	VMINPS Y0, Y12, Y12
	VMAXPS Y15, Y12, Y12
	VMULPS Y12, Y12, Y13
	VMULPS Y1, Y13, Y14
	VADDPS Y2, Y14, Y14
	VMULPS Y13, Y14, Y14
	VADDPS Y3, Y14, Y14
	VMULPS Y13, Y14, Y14
	VADDPS Y4, Y14, Y14
	VMULPS Y13, Y14, Y14
	VADDPS Y5, Y14, Y14
	VMULPS Y13, Y14, Y14
	VADDPS Y6, Y14, Y14
	VMULPS Y13, Y14, Y14
	VADDPS Y7, Y14, Y14
	VMULPS Y12, Y14, Y14
	VMULPS Y8, Y13, Y12
	VADDPS Y9, Y12, Y12
	VMULPS Y13, Y12, Y12
	VADDPS Y10, Y12, Y12
	VMULPS Y13, Y12, Y12
	VADDPS Y11, Y12, Y12
	VDIVPS Y12, Y14, Y14
	VMOVUPS Y14, (AX)
	ADDQ $32, AX
	SUBQ $8, CX
	JNZ tanhloop
	VZEROUPPER
	RET
