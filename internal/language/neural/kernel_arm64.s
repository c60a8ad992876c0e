#include "textflag.h"

// Go's assembler lacks these. D, N, M are register numbers, M below 16; lane I
// of M is 0 or 1.
#define SMLAL(D, N, M, I) WORD $(0x0F402000 | (I)<<20 | (M)<<16 | (N)<<5 | (D))
#define SMLAL2(D, N, M, I) WORD $(0x4F402000 | (I)<<20 | (M)<<16 | (N)<<5 | (D))
#define SSHL(D, N, M) WORD $(0x4EA04400 | (M)<<16 | (N)<<5 | (D))
#define NEG(D, N) WORD $(0x6EA0B800 | (N)<<5 | (D))
#define SQXTN(D, N) WORD $(0x0E614800 | (N)<<5 | (D))
#define SQXTN2(D, N) WORD $(0x4E614800 | (N)<<5 | (D))

// PAIR adds a pair of inputs, lanes 0 and 1 of A, times the weights in V0-V3
// (evens and odds of columns 0-7 and 8-15) to four sums from D on.
#define PAIR(D, A) \
	SMLAL(D, 0, A, 0) \
	SMLAL2(D+1, 0, A, 0) \
	SMLAL(D+2, 2, A, 0) \
	SMLAL2(D+3, 2, A, 0) \
	SMLAL(D, 1, A, 1) \
	SMLAL2(D+1, 1, A, 1) \
	SMLAL(D+2, 3, A, 1) \
	SMLAL2(D+3, 3, A, 1)

// FINISH shifts the four sums from D on and narrows them into V0 and V1.
#define FINISH(D) \
	SSHL(D, D, 12) \
	SSHL(D+1, D+1, 13) \
	SSHL(D+2, D+2, 14) \
	SSHL(D+3, D+3, 15) \
	SQXTN(0, D) \
	SQXTN2(0, D+1) \
	SQXTN(1, D+2) \
	SQXTN2(1, D+3)

// func panelNEON(a *int16, stride int, w *int16, k2, rows int, bias, shift *int32, out *int16, outStride int)
TEXT ·panelNEON(SB), NOSPLIT, $0-72
	MOVD a+0(FP), R0
	MOVD stride+8(FP), R1
	LSL  $1, R1
	MOVD w+16(FP), R2
	MOVD k2+24(FP), R3
	MOVD rows+32(FP), R4
	MOVD bias+40(FP), R5
	MOVD shift+48(FP), R6
	MOVD out+56(FP), R7
	MOVD outStride+64(FP), R8
	LSL  $1, R8
	VLD1 (R5), [V8.S4, V9.S4, V10.S4, V11.S4]
	VLD1 (R6), [V12.S4, V13.S4, V14.S4, V15.S4]
	NEG(12, 12)
	NEG(13, 13)
	NEG(14, 14)
	NEG(15, 15)

four:
	CMP  $4, R4
	BLT  one
	MOVD R0, R9
	ADD  R1, R9, R10
	ADD  R1, R10, R11
	ADD  R1, R11, R12
	ADD  R1, R12, R0
	MOVD R2, R13
	MOVD R3, R14
	VMOV V8.B16, V16.B16
	VMOV V9.B16, V17.B16
	VMOV V10.B16, V18.B16
	VMOV V11.B16, V19.B16
	VMOV V8.B16, V20.B16
	VMOV V9.B16, V21.B16
	VMOV V10.B16, V22.B16
	VMOV V11.B16, V23.B16
	VMOV V8.B16, V24.B16
	VMOV V9.B16, V25.B16
	VMOV V10.B16, V26.B16
	VMOV V11.B16, V27.B16
	VMOV V8.B16, V28.B16
	VMOV V9.B16, V29.B16
	VMOV V10.B16, V30.B16
	VMOV V11.B16, V31.B16

fourloop:
	VLD2.P 32(R13), [V0.H8, V1.H8]
	VLD2.P 32(R13), [V2.H8, V3.H8]
	FMOVS.P 4(R9), F4
	FMOVS.P 4(R10), F5
	FMOVS.P 4(R11), F6
	FMOVS.P 4(R12), F7
	PAIR(16, 4)
	PAIR(20, 5)
	PAIR(24, 6)
	PAIR(28, 7)
	SUBS $1, R14
	BNE  fourloop

	FINISH(16)
	VST1 [V0.H8, V1.H8], (R7)
	ADD  R8, R7
	FINISH(20)
	VST1 [V0.H8, V1.H8], (R7)
	ADD  R8, R7
	FINISH(24)
	VST1 [V0.H8, V1.H8], (R7)
	ADD  R8, R7
	FINISH(28)
	VST1 [V0.H8, V1.H8], (R7)
	ADD  R8, R7
	SUB  $4, R4
	B    four

one:
	CBZ  R4, done
	MOVD R0, R9
	ADD  R1, R0
	MOVD R2, R13
	MOVD R3, R14
	VMOV V8.B16, V16.B16
	VMOV V9.B16, V17.B16
	VMOV V10.B16, V18.B16
	VMOV V11.B16, V19.B16

oneloop:
	VLD2.P 32(R13), [V0.H8, V1.H8]
	VLD2.P 32(R13), [V2.H8, V3.H8]
	FMOVS.P 4(R9), F4
	PAIR(16, 4)
	SUBS $1, R14
	BNE  oneloop
	FINISH(16)
	VST1 [V0.H8, V1.H8], (R7)
	ADD  R8, R7
	SUB  $1, R4
	B    one

done:
	RET
