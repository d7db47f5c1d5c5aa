(* Gradient descent on R with slope g and rate eta, from x; it converges to a. *)
Fixpoint iterate (g : R -> R) (eta x : R) (k : nat) : R :=
  match k with O => x | S j => iterate g eta x j - eta * g (iterate g eta x j) end.
Definition converges (g : R -> R) (eta x a : R) : Prop := is_lim_seq (iterate g eta x) a.

Lemma iterate_next g eta x k : iterate g eta x (S k) = iterate g eta x k - eta * g (iterate g eta x k).
Proof. reflexivity. Qed.

Lemma limit_unique u (a b : R) : is_lim_seq u a -> is_lim_seq u b -> a = b.
Proof. intros p q; apply is_lim_seq_unique in p; apply is_lim_seq_unique in q; rewrite p in q; injection q; auto. Qed.

Lemma limit_is_critical (g d : R -> R) (eta x a : R) :
  (forall y, is_derive g y (d y)) -> 0 < eta -> converges g eta x a -> g a = 0.
Proof.
  intros s p c; assert (e : a = a - eta * g a).
  { apply (limit_unique (fun k => iterate g eta x (S k))).
    - apply is_lim_seq_incr_1 in c; exact c.
    - simpl; apply is_lim_seq_minus'; [exact c |].
      apply (is_lim_seq_scal_l _ eta (g a)); apply is_lim_seq_continuous; [| exact c].
      apply continuity_pt_filterlim, (ex_derive_continuous g a); exists (d a); apply s. }
  assert (z : eta * g a = 0) by lra; apply Rmult_integral in z; destruct z; lra.
Qed.

Lemma starts_at_rest (g : R -> R) (eta x a : R) : g x = 0 -> converges g eta x a -> a = x.
Proof.
  intros z c; assert (e : forall k, iterate g eta x k = x).
  { induction k as [| k IH]; simpl; [reflexivity | rewrite IH, z; ring]. }
  apply (limit_unique (iterate g eta x)); [exact c |].
  apply (is_lim_seq_ext (fun _ => x)); [intro; symmetry; apply e | apply is_lim_seq_const].
Qed.

Lemma two_cycle (g : R -> R) (eta x y a : R) :
  y = x - eta * g x -> x = y - eta * g y -> x <> y -> ~ converges g eta x a.
Proof.
  intros p q d c; assert (e : forall k, iterate g eta x (2 * k) = x).
  { induction k as [| k IH]; [reflexivity |].
    replace (2 * S k)%nat with (S (S (2 * k))) by lia; rewrite !iterate_next, IH, <- p, <- q; reflexivity. }
  assert (f : forall k, iterate g eta x (S (2 * k)) = y) by (intro; rewrite iterate_next, e; lra).
  apply d; transitivity a.
  - symmetry; apply (limit_unique (fun k => iterate g eta x (2 * k))).
    + apply (is_lim_seq_subseq _ _ _ (eventually_subseq (fun k => 2 * k)%nat ltac:(intros; cbv beta; lia)) c).
    + apply (is_lim_seq_ext (fun _ => x)); [intro; symmetry; apply e | apply is_lim_seq_const].
  - apply (limit_unique (fun k => iterate g eta x (S (2 * k)))).
    + apply (is_lim_seq_subseq _ _ _ (eventually_subseq (fun k => S (2 * k)) ltac:(intros; cbv beta; lia)) c).
    + apply (is_lim_seq_ext (fun _ => y)); [intro; symmetry; apply f | apply is_lim_seq_const].
Qed.

Lemma contracts (g d : R -> R) (p r low high eta u : R) :
  (forall y, is_derive g y (d y)) -> g p = 0 -> 0 < eta -> eta * high < 2 -> 0 < low ->
  (forall y, Rabs (y - p) <= r -> low <= d y /\ d y <= high) -> Rabs (u - p) <= r ->
  Rabs (u - eta * g u - p) <= Rmax (Rabs (1 - eta * low)) (Rabs (1 - eta * high)) * Rabs (u - p).
Proof.
  intros s z e1 e2 l b i; destruct (MVT_gen g p u d) as [c [[c1 c2] m]].
  - intros; apply s.
  - intros y _; apply continuity_pt_filterlim, (ex_derive_continuous g y); exists (d y); apply s.
  - replace (u - eta * g u - p) with ((1 - eta * d c) * (u - p)) by (rewrite z in m; replace (g u) with (d c * (u - p)) by lra; ring).
    rewrite Rabs_mult; apply Rmult_le_compat_r; [apply Rabs_pos |].
    assert (n : Rabs (c - p) <= r).
    { unfold Rmin, Rmax in *; destruct (Rle_dec p u); revert i; unfold Rabs; repeat destruct Rcase_abs; lra. }
    destruct (b c n) as [b1 b2]; assert (eta * low <= eta * d c) by (apply Rmult_le_compat_l; lra).
    assert (eta * d c <= eta * high) by (apply Rmult_le_compat_l; lra).
    apply Rabs_le; split.
    + apply Rle_trans with (- Rabs (1 - eta * high)); [apply Ropp_le_contravar, Rmax_r |].
      generalize (Rle_abs (- (1 - eta * high))); rewrite Rabs_Ropp; lra.
    + apply Rle_trans with (Rabs (1 - eta * low)); [| apply Rmax_l].
      generalize (Rle_abs (1 - eta * low)); lra.
Qed.

Lemma basin (g d : R -> R) (p r low high eta x : R) :
  (forall y, is_derive g y (d y)) -> 0 < r -> 0 < low -> g p = 0 ->
  (forall y, (y - p) * (y - p) <= r ^ 2 -> low <= d y /\ d y <= high) ->
  0 < eta -> eta * high < 2 -> (x - p) * (x - p) <= r ^ 2 -> converges g eta x p.
Proof.
  intros s r0 l z b e1 e2 i; set (q := Rmax (Rabs (1 - eta * low)) (Rabs (1 - eta * high))).
  assert (square : forall y, Rabs (y - p) <= r <-> (y - p) * (y - p) <= r ^ 2).
  { intro y; split; intro h.
    - replace ((y - p) * (y - p)) with (Rabs (y - p) ^ 2) by (rewrite pow2_abs; ring).
      apply pow_incr; split; [apply Rabs_pos | exact h].
    - apply Rsqr_incr_0_var; [| lra]; rewrite <- Rsqr_abs; unfold Rsqr; lra. }
  assert (b' : forall y, Rabs (y - p) <= r -> low <= d y /\ d y <= high) by (intros; apply b, square; assumption).
  destruct (b' p ltac:(replace (p - p) with 0 by ring; rewrite Rabs_R0; lra)) as [m1 m2].
  assert (0 < eta * low) by (apply Rmult_lt_0_compat; lra).
  assert (eta * low <= eta * high) by (apply Rmult_le_compat_l; lra).
  assert (q0 : 0 <= q) by (apply Rle_trans with (2 := Rmax_l _ _); apply Rabs_pos).
  assert (q1 : q < 1) by (unfold q; apply Rmax_lub_lt; apply Rabs_def1; lra).
  assert (k : forall n, Rabs (iterate g eta x n - p) <= q ^ n * Rabs (x - p) /\ Rabs (iterate g eta x n - p) <= r).
  { induction n as [| n [IH1 IH2]]; [simpl; split; [lra | apply square; exact i] |].
    assert (c := contracts g d p r low high eta _ s z e1 e2 l b' IH2); fold q in c.
    rewrite iterate_next; assert (0 <= Rabs (iterate g eta x n - p)) by apply Rabs_pos; split.
    - apply Rle_trans with (1 := c); simpl; rewrite Rmult_assoc; apply Rmult_le_compat_l; assumption.
    - apply Rle_trans with (1 := c); apply Rle_trans with (1 * Rabs (iterate g eta x n - p)); [apply Rmult_le_compat_r; lra | lra]. }
  unfold converges; apply (is_lim_seq_ext (fun n => (iterate g eta x n - p) + p)); [intro; ring |].
  replace (Finite p) with (Finite (0 + p)) by (f_equal; ring); apply is_lim_seq_plus'; [| apply is_lim_seq_const].
  apply is_lim_seq_abs_0; apply (is_lim_seq_le_le (fun _ => 0) _ (fun n => q ^ n * Rabs (x - p))).
  - intro n; split; [apply Rabs_pos | apply k].
  - apply is_lim_seq_const.
  - replace (Finite 0) with (Rbar_mult 0 (Rabs (x - p))) by (simpl; f_equal; ring).
    apply is_lim_seq_scal_r, is_lim_seq_geom; rewrite Rabs_right; lra.
Qed.

Ltac same c := match type of c with converges _ ?u ?v ?w => match goal with |- converges _ ?a ?b ?d =>
  replace a with u by (first [lra | field]); replace b with v by (first [lra | field]);
  replace d with w by (first [lra | field]); exact c end end.
