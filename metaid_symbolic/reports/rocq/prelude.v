From Coq Require Import Reals Lra Lia Classical.
From Coquelicot Require Import Coquelicot.
Local Open Scope R_scope.
Set Warnings "-ambiguous-paths".

(* Functions that the standard library lacks or defines in another way. *)
Definition relu (x : R) : R := Rmax 0 x.
Definition logistic (x : R) : R := exp x / (exp x + 1).

(* What the proofs use; each is proved. *)
Lemma iff_cases (A B : Prop) : ~ (A <-> B) -> (A /\ ~ B) \/ (~ A /\ B).
Proof. destruct (classic A); destruct (classic B); tauto. Qed.

Lemma iff_left (A B : Prop) : (A <-> B) -> ~ (A /\ ~ B).
Proof. tauto. Qed.
Lemma iff_right (A B : Prop) : (A <-> B) -> ~ (~ A /\ B).
Proof. tauto. Qed.

Lemma relu_cases x : (0 <= x /\ relu x = x) \/ (x < 0 /\ relu x = 0).
Proof. unfold relu; destruct (Rle_or_lt 0 x); [left; rewrite Rmax_right | right; rewrite Rmax_left]; lra. Qed.

Lemma relu_above x : 0 <= x -> relu x = x.
Proof. apply Rmax_right. Qed.
Lemma relu_below x : x < 0 -> relu x = 0.
Proof. intro; apply Rmax_left; lra. Qed.

Lemma sqrt_between (a l h : R) : 0 <= l -> 0 <= h -> l ^ 2 <= a -> a <= h ^ 2 -> l <= sqrt a /\ sqrt a <= h.
Proof. intros; split; [rewrite <- (sqrt_pow2 l) by lra | rewrite <- (sqrt_pow2 h) by lra]; apply sqrt_le_1_alt; lra. Qed.

Lemma log_between (a l h : R) : 0 < a -> exp l <= a -> a <= exp h -> l <= ln a /\ ln a <= h.
Proof. intros; split; [rewrite <- (ln_exp l) | rewrite <- (ln_exp h)]; apply Rcomplements.ln_le; auto using exp_pos. Qed.

Lemma sqrt_rule x : 0 <= x -> 0 <= sqrt x /\ sqrt x ^ 2 = x.
Proof. intro; split; [apply sqrt_pos | apply pow2_sqrt; assumption]. Qed.

Lemma log_rule x : 0 < x -> exp (ln x) = x.
Proof. apply exp_ln. Qed.

Lemma exp_rule x : 0 < exp x /\ 1 + x <= exp x /\ (~ x = 0 -> 1 + x < exp x).
Proof.
  split; [apply exp_pos | split; [| apply exp_ineq1]].
  destruct (Req_dec x 0) as [e | e]; [rewrite e, exp_0; lra | left; apply exp_ineq1; exact e].
Qed.

Lemma exp_times (u : R) (n : nat) : exp (INR n * u) = exp u ^ n.
Proof.
  induction n as [| n IH]; [simpl; rewrite Rmult_0_l; apply exp_0 |].
  rewrite S_INR, Rmult_plus_distr_r, Rmult_1_l, exp_plus, IH; simpl; ring.
Qed.

Lemma exp_above (u q : R) (n : nat) : INR n * q = u -> 0 <= 1 + q -> (1 + q) ^ n <= exp u.
Proof. intros <- ?; rewrite exp_times; apply pow_incr; split; [assumption | apply exp_rule]. Qed.

Lemma exp_below (u q : R) (n : nat) : INR n * q = u -> 0 <= 1 - q -> exp u * (1 - q) ^ n <= 1.
Proof.
  intros e p; assert (h := exp_above (- u) (- q) n ltac:(rewrite <- e; ring) ltac:(lra)).
  replace 1 with (exp u * exp (- u)) at 2 by (rewrite <- exp_plus, <- exp_0; f_equal; ring).
  apply Rmult_le_compat_l; [left; apply exp_pos | exact h].
Qed.

Lemma tanh_exp x : tanh x = (exp (2 * x) - 1) / (exp (2 * x) + 1).
Proof.
  unfold tanh, sinh, cosh; rewrite exp_Ropp; replace (2 * x) with (x + x) by ring; rewrite exp_plus.
  assert (0 < exp x) by apply exp_pos; field; repeat split; try nra; intro; nra.
Qed.

Lemma root_between (f : R -> R) (a b : R) :
  continuity f -> a < b -> f a * f b < 0 -> exists x, f x = 0 /\ a < x /\ x < b.
Proof.
  intros c l s; destruct (IVT_cor f a b c (Rlt_le _ _ l) (Rlt_le _ _ s)) as [x [[l1 l2] z]]; exists x.
  repeat split; [exact z | |].
  - destruct l1 as [| e]; [assumption | rewrite e, z, Rmult_0_l in s; lra].
  - destruct l2 as [| e]; [assumption | rewrite <- e, z, Rmult_0_r in s; lra].
Qed.

Lemma scaled_lt (a b w p : R) : a < b -> 0 < w -> p = (a - b) * w -> p < 0.
Proof. intros; subst; nra. Qed.
Lemma scaled_gt (a b w p : R) : b < a -> 0 < w -> p = (a - b) * w -> 0 < p.
Proof. intros; subst; nra. Qed.
Lemma scaled_le (a b w p : R) : a <= b -> 0 < w -> p = (a - b) * w -> p <= 0.
Proof. intros; subst; nra. Qed.
Lemma scaled_ge (a b w p : R) : b <= a -> 0 < w -> p = (a - b) * w -> 0 <= p.
Proof. intros; subst; nra. Qed.
Lemma scaled_eq (a b w p : R) : a = b -> w <> 0 -> p = (a - b) * w -> p = 0.
Proof. intros; subst; ring. Qed.
Lemma scaled_ne (a b w p : R) : a <> b -> w <> 0 -> p = (a - b) * w -> p <> 0.
Proof. intros; subst; apply Rmult_integral_contrapositive; split; lra. Qed.
Lemma square_positive (x : R) : x <> 0 -> 0 < x ^ 2.
Proof. intro; replace (x ^ 2) with (Rsqr x) by (unfold Rsqr; ring); apply Rsqr_pos_lt; assumption. Qed.

Ltac even := match goal with
  | |- 0 <= _ * _ => apply Rmult_le_pos; even
  | |- 0 <= exp _ => left; apply exp_pos
  | |- 0 <= exp _ ^ _ => left; apply pow_lt; apply exp_pos
  | |- 0 <= ?x ^ ?n => let k := eval compute in (Nat.div2 n) in replace (x ^ n) with ((x ^ k) ^ 2) by ring; apply pow2_ge_0
  end.
Ltac powers := match goal with
  | |- 0 <= _ * _ => apply Rmult_le_pos; powers
  | |- 0 <= _ ^ _ => apply pow_le; lra
  end.
Ltac strict := match goal with
  | |- 0 < _ * _ => apply Rmult_lt_0_compat; strict
  | |- 0 < exp _ => apply exp_pos
  | |- 0 < exp _ ^ _ => apply pow_lt; apply exp_pos
  end.
Ltac by_sign p := destruct (Rtotal_order p 0) as [? | [? | ?]];
  first [lra | exfalso; lra | exfalso; match goal with n : _ <> 0 |- _ => apply n; lra end].
Ltac nonzero := first [assumption | lra | apply Rgt_not_eq; apply exp_pos | match goal with
  | n : ?p <> 0 |- ?q <> 0 => let z := fresh in intro z; apply n; first [lra | rewrite z; ring]
  end].
Ltac nonvanishing := first [assumption | lra | apply Rgt_not_eq; apply exp_pos | match goal with
  | |- _ * _ <> 0 => apply Rmult_integral_contrapositive_currified; nonvanishing
  | |- _ ^ _ <> 0 => apply pow_nonzero; nonvanishing
  | |- 0 < _ * _ => apply Rmult_lt_0_compat; nonvanishing
  | |- 0 < _ ^ 2 => apply square_positive; nonvanishing
  end].
Ltac cancel := field; repeat split; nonzero.

(* Functions with their arguments multiplied out; an exponential as a quotient n / d of powers of exponentials. *)
Ltac argument f h q := repeat match type of h with
  | context [f ?a] => tryif constr_eq a q then fail else (let e := fresh in assert (e : a = q) by lra; rewrite e in h; clear e)
  end.
Ltac exp_product := rewrite ?Rmult_1_r, ?Rmult_1_l; rewrite <- ?exp_times, <- ?exp_plus; match goal with
  | |- exp _ = exp _ => apply f_equal
  | |- exp _ = 1 => transitivity (exp 0); [apply f_equal | exact exp_0]
  end; simpl; field.
Ltac write_exp h q n d := argument exp h q;
  tryif constr_eq (exp q) n then idtac else
  let e := fresh in assert (e : exp q = n / d) by
    (apply (Rmult_eq_reg_r d); [transitivity n; [exp_product | field; repeat split; nonzero] | nonvanishing]);
  rewrite e in h; clear e.
Ltac bound_exp b := let c := fresh in assert (c := b ltac:(simpl; lra) ltac:(lra)); lra.
Ltac settle h := fail.
