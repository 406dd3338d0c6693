"""What does a network of layers look like at a step? Lessons and larger nets, as literal text."""

from __future__ import annotations

import pytest

from tests.panels.test_network_picture import network_text
from tests.support.panel_text import opened, panel
from tui_backprop.record.step_layout import Entry
from tui_backprop.session import Cursor

PICTURES = [
    pytest.param(
        "net-2-2-2",
        Entry("value", "z1_1"),
        0,
        (58, 22),
        """
inputs      layer 1          layer 2          cost

         ⣴▶[z⁽¹⁾₁]        ⣰▶ z⁽²⁾₁
       ⢀⣾⣿ │ 0           ⣰⠟ │
x₁ 1   ⣾⠋⣿ ▼            ⢠⡟⣶ ▼
       ⠸⣿⣿  a⁽¹⁾₁ ──────⢿⣀⡀  a⁽²⁾₁ ──────⠒⠒⢲▶ C
        ⣿⡿               ⣘⠃                ⡇
        ⣿⣇               ⣿                ⢠⠃
       ⢀⣿⣿               ⣀⣶               ⡸
       ⢸⣿⣼▶ z⁽¹⁾₂        ⠛⣰▶ z⁽²⁾₂        ⡇   t₁ 0
       ⣼⡿⠁ │            ⢰⣶⠏ │            ⢰⠁   t₂ 1
x₂ 0.5 ⠛⠃  ▼            ⣠⡟  ▼            ⡸
            a⁽¹⁾₂ ──────⠛    a⁽²⁾₂ ──────⠃



into z⁽¹⁾₁:
 w⁽¹⁾₁₁  0.1  · x₁ 1
 w⁽¹⁾₁₂  −0.2 · x₂ 0.5
w⁽¹⁾₁₂: layer 1, into neuron 1, from input 2
dashed: negative weight; heavy: large, or marked
""",
        id="2-2-2, the first value",
    ),
    pytest.param(
        "net-2-2-2",
        Entry("value", "z2_2"),
        0,
        (58, 22),
        """
inputs      layer 1          layer 2          cost

         ⡔▶ z⁽¹⁾₁         ⣰▶ z⁽²⁾₁
       ⢀⠎⣶ │ 0           ⣰⠟ │ −0.1305
x₁ 1   ⣾ ⣀ ▼            ⢠⡟⣶ ▼
       ⠸⣟⠃  a⁽¹⁾₁ ━━━━━━⢿⣆⡀  a⁽²⁾₁ ──────⠒⠒⢲▶ C
        ⣿⠆   0.5        ⠘⣿⡇   0.4674       ⡇
        ⣸⣇               ⣿⣧               ⢠⠃
        ⠛⣿               ⣈⣿               ⡸
       ⢰⡆⣼▶ z⁽¹⁾₂        ⠛⣸▶[z⁽²⁾₂]       ⡇   t₁ 0
       ⣀⡾⠁ │ 0.55       ⢰⣶⡿ │ 0.1573     ⢰⠁   t₂ 1
x₂ 0.5 ⠛⠁  ▼            ⣠⣿⠃ ▼            ⡸
            a⁽¹⁾₂ ━━━━━━⠛⠃   a⁽²⁾₂ ──────⠃
             0.6341


into z⁽²⁾₂:
 w⁽²⁾₂₁  −0.7 · a⁽¹⁾₁ 0.5
 w⁽²⁾₂₂  0.8  · a⁽¹⁾₂ 0.6341
w⁽²⁾₂₁: layer 2, into neuron 2, from neuron 1
dashed: negative weight; heavy: large, or marked
""",
        id="2-2-2, a value of the output layer",
    ),
    pytest.param(
        "net-2-2-2",
        Entry("factor", "a1_2", "z2_1"),
        0,
        (58, 22),
        """
inputs      layer 1          layer 2          cost
                           w⁽²⁾₁₂ −0.6
         ⡔▶ z⁽¹⁾₁         ⣰◀ z⁽²⁾₁
       ⢀⠎⣶ │ 0           ⣰⣿ │ −0.1305
x₁ 1   ⣾ ⣀ ▼            ⢠⡟⣿ ▼ ∂ 0.1164
       ⠸⣟⠃  a⁽¹⁾₁ ──────⢿⣠⣿  a⁽²⁾₁ ──────⠒⠒⢲▶ C
        ⣿⠆   0.5         ⣸⣿   0.4674       ⡇   0.2154
        ⣸⣇               ⣿⡏   ∂ 0.4674    ⢠⠃   ∂ 1
        ⠛⣿               ⣿⣷               ⡸
       ⢰⡆⣼▶ z⁽¹⁾₂       ⢠⣿⣳▶ z⁽²⁾₂        ⡇   t₁ 0
       ⣀⡾⠁ │ 0.55       ⢸⣿⠏ │ 0.1573     ⢰⠁   t₂ 1
x₂ 0.5 ⠛⠁  ▼            ⣾⡟  ▼ ∂ −0.1145  ⡸
            a⁽¹⁾₂ ◀━━━━━⠛⠃   a⁽²⁾₂ ──────⠃
             0.6341           0.5392
                              ∂ −0.4608

into z⁽²⁾₁:
 w⁽²⁾₁₁  0.5  · a⁽¹⁾₁ 0.5      ∂ 0.05818
[w⁽²⁾₁₂] −0.6 · a⁽¹⁾₂ 0.6341   ∂ 0.07379
w⁽²⁾₁₂: layer 2, into neuron 1, from neuron 2
dashed: negative weight; heavy: large, or marked
""",
        id="2-2-2, the factor of an edge",
    ),
    pytest.param(
        "net-2-2-2",
        Entry("factor", "z2_2", "a2_2"),
        0,
        (58, 22),
        """
inputs      layer 1          layer 2          cost

         ⡔▶ z⁽¹⁾₁         ⣰▶ z⁽²⁾₁
       ⢀⠎⣶ │ 0           ⣰⠟ │ −0.1305
x₁ 1   ⣾ ⣀ ▼            ⢠⡟⣶ ▼
       ⠸⣟⠃  a⁽¹⁾₁ ──────⢿⣀⡀  a⁽²⁾₁ ──────⠒⠒⢲▶ C
        ⣿⠆   0.5         ⣘⠃   0.4674       ⡇   0.2154
        ⣸⣇               ⣿                ⢠⠃   ∂ 1
        ⠛⣿               ⣀⣶               ⡸
       ⢰⡆⣼▶ z⁽¹⁾₂        ⠛⣰▶┏z⁽²⁾₂        ⡇   t₁ 0
       ⣀⡾⠁ │ 0.55       ⢰⣶⠏ ┃ 0.1573     ⢰⠁   t₂ 1
x₂ 0.5 ⠛⠁  ▼            ⣠⡟  ┃            ⡸
            a⁽¹⁾₂ ──────⠛   ┗a⁽²⁾₂ ──────⠃
             0.6341           0.5392
                              ∂ −0.4608

into z⁽²⁾₂:
 w⁽²⁾₂₁  −0.7 · a⁽¹⁾₁ 0.5
 w⁽²⁾₂₂  0.8  · a⁽¹⁾₂ 0.6341
w⁽²⁾₂₁: layer 2, into neuron 2, from neuron 1
dashed: negative weight; heavy: large, or marked
""",
        id="2-2-2, a factor within a neuron",
    ),
    pytest.param(
        "net-2-2-2",
        Entry("gradient", "a1_2"),
        0,
        (58, 22),
        """
inputs      layer 1          layer 2          cost
                           −0.06982
         ⡔▶ z⁽¹⁾₁         ⣰◀ z⁽²⁾₁
       ⢀⠎⣶ │ 0           ⣰⣿ │ −0.1305
x₁ 1   ⣾ ⣀ ▼            ⢠⡟⣿ ▼ ∂ 0.1164
       ⠸⣟⠃  a⁽¹⁾₁ ──────⢿⣠⣿  a⁽²⁾₁ ──────⠒⠒⢲▶ C
        ⣿⠆   0.5         ⣸⣿   0.4674       ⡇   0.2154
        ⣸⣇               ⣿⡏   ∂ 0.4674    ⢠⠃   ∂ 1
        ⠛⣿               ⣿⣷               ⡸
       ⢰⡆⣼▶ z⁽¹⁾₂       ⢠⣿⣳◀ z⁽²⁾₂        ⡇   t₁ 0
       ⣀⡾⠁ │ 0.55       ⢸⣿⡿ │ 0.1573     ⢰⠁   t₂ 1
x₂ 0.5 ⠛⠁  ▼            ⣾⣿⠃ ▼ ∂ −0.1145  ⡸
           [a⁽¹⁾₂]◀━━━━━⠛⠃   a⁽²⁾₂ ──────⠃
             0.6341           0.5392
             ∂ −0.1614        ∂ −0.4608

∂C/∂a⁽¹⁾₂ comes by 2 edges:
  by z⁽²⁾₁  0.1164 · (−0.6) = −0.06982
+ by z⁽²⁾₂  (−0.1145) · 0.8 = −0.09158
w⁽¹⁾₂₁: layer 1, into neuron 2, from input 1
dashed: negative weight; heavy: large, or marked
""",
        id="2-2-2, a gradient with two terms",
    ),
    pytest.param(
        "net-2-2-2",
        Entry("update", "w2_1_2"),
        0,
        (58, 22),
        """
inputs      layer 1          layer 2          cost
                           w⁽²⁾₁₂ −0.6369
         ⡔▶ z⁽¹⁾₁         ⣰▶ z⁽²⁾₁
       ⢀⠎⡆ │(0)          ⣰⣿ │(−0.1305)
x₁ 1   ⣾ ⡀ ▼ ∂ 0.03458  ⢠⡟⣿ ▼ ∂ 0.1164
       ⠸⣟   a⁽¹⁾₁ ──────⢿⣠⣿  a⁽²⁾₁ ──────⠒⠒⢲▶ C
        ⣿   (0.5)        ⣸⣿  (0.4674)      ⡇  (0.2154)
        ⡸⣇   ∂ 0.1383    ⣿⡏   ∂ 0.4674    ⢠⠃   ∂ 1
        ⠃⣿               ⣿⣷               ⡸
       ⢰ ⣼▶ z⁽¹⁾₂       ⢠⣿⣳▶ z⁽²⁾₂        ⡇   t₁ 0
       ⣀⡾⠁ │(0.55)      ⢸⣿⠏ │(0.1573)    ⢰⠁   t₂ 1
x₂ 0.5 ⠛⠁  ▼ ∂ −0.03745 ⣾⡟  ▼ ∂ −0.1145  ⡸
            a⁽¹⁾₂ ━━━━━━⠛⠃   a⁽²⁾₂ ──────⠃
            (0.6341)         (0.5392)
             ∂ −0.1614        ∂ −0.4608

into z⁽²⁾₁:
 w⁽²⁾₁₁  0.4709  · a⁽¹⁾₁ (0.5)      ∂ 0.05818
[w⁽²⁾₁₂] −0.6369 · a⁽¹⁾₂ (0.6341)   ∂ 0.07379
w⁽²⁾₁₂: layer 2, into neuron 1, from neuron 2
dashed: negative weight; heavy: large, or marked
""",
        id="2-2-2, an update",
    ),
    pytest.param(
        "net-2-2-2",
        Entry("factor", "a1_2", "z2_1"),
        1,
        (58, 22),
        """
inputs      layer 1          layer 2          cost
                           w⁽²⁾₁₂ −0.6369
         ⡔▶ z⁽¹⁾₁         ⣰◀ z⁽²⁾₁
       ⢀⠎⡆ │ −0.02161    ⣰⣿ │ −0.1744
x₁ 1   ⣾ ⡀ ▼ ∂(0.03458) ⢠⡟⣿ ▼ ∂ 0.1133
       ⠸⣟   a⁽¹⁾₁ ──────⢿⣠⣿  a⁽²⁾₁ ──────⠒⠒⢲▶ C
        ⣿    0.4946      ⣸⣿   0.4565       ⡇   0.2052
        ⡸⣇   ∂(0.1383)   ⣿⡏   ∂ 0.4565    ⢠⠃   ∂ 1
        ⠃⣿               ⣿⣷               ⡸
       ⢰ ⣼▶ z⁽¹⁾₂       ⢠⣿⣳▶ z⁽²⁾₂        ⡇   t₁ 0
       ⣀⡾⠁ │ 0.5734     ⢸⣿⠏ │ 0.2028     ⢰⠁   t₂ 1
x₂ 0.5 ⠛⠁  ▼ ∂(−0.03745)⣾⡟  ▼ ∂ −0.1112  ⡸
            a⁽¹⁾₂ ◀━━━━━⠛⠃   a⁽²⁾₂ ──────⠃
             0.6395           0.5505
             ∂(−0.1614)       ∂ −0.4495

into z⁽²⁾₁:
 w⁽²⁾₁₁  0.4709  · a⁽¹⁾₁ 0.4946   ∂ 0.05602
[w⁽²⁾₁₂] −0.6369 · a⁽¹⁾₂ 0.6395   ∂ 0.07244
w⁽²⁾₁₂: layer 2, into neuron 1, from neuron 2
dashed: negative weight; heavy: large, or marked
""",
        id="2-2-2, where longer numbers stand below their names",
    ),
    pytest.param(
        "net-2-2-2",
        Entry("gradient", "a1_1"),
        0,
        (38, 11),
        """
‹ z⁽¹⁾₁ 0          ⣴◀ z⁽²⁾₁ −0.1305
 ▼               ⢀⣾⠟ ▼ ∂ 0.1164
 [a⁽¹⁾₁]0.5      ◀⣯⡖  a⁽²⁾₁ 0.4674   ›
   ∂ 0.1383      ⠈⣿⡆   ∂ 0.4674
                  ⠛⣿
‹ z⁽¹⁾₂ 0.55     ⢰⡆⣼◀ z⁽²⁾₂ 0.1573
 ▼ ∂ −0.03745    ⣀⡾⠁ ▼ ∂ −0.1145
  a⁽¹⁾₂ 0.6341   ⠛⠁   a⁽²⁾₂ 0.5392   ›
   ∂ −0.1614           ∂ −0.4608

∂C/∂a⁽¹⁾₁ = 0.05818 + 0.08014
""",
        id="2-2-2, in a narrow panel",
    ),
    pytest.param(
        "worked-example",
        Entry("factor", "w2_1_1", "z2_1"),
        0,
        (58, 22),
        """
inputs       layer 1          layer 2          cost
          ⣰▶ z⁽¹⁾₁         ⣰◀ z⁽²⁾₁
         ⣰⣿ │ 0.3775      ⣰⣿ │ 1.106
        ⢠⡟⣿ ▼            ⢠⣿⣿ ▼ ∂ 0.1385
x₁ 0.05 ⢿⣠⡟  a⁽¹⁾₁ ◀━━━━━⢿⣣⡟  a⁽²⁾₁ ──────⠢⣀
        ⠘⣿⡇   0.5933     ⠘⣿⡇   0.7514       ⢱▶ C
         ⣿⡅               ⣿⡅   ∂ 0.7414     ⡇   0.2984
         ⣿⣷               ⣿⣷               ⢰⠁   ∂ 1
        ⢠⡟⣸▶ z⁽¹⁾₂       ⢠⡟⣸▶ z⁽²⁾₂        ⡎
        ⢸⣷⠏ │ 0.3925     ⢸⣷⠏ │ 1.225      ⢠⠃   t₁ 0.01
        ⣾⡟  ▼            ⣾⡟  ▼ ∂ −0.03810 ⡸    t₂ 0.99
x₂ 0.1  ⠛    a⁽¹⁾₂ ──────⠛    a⁽²⁾₂ ──────⠃
              0.5969           0.7729
                               ∂ −0.2171

into z⁽²⁾₁:
[w⁽²⁾₁₁] 0.4  · a⁽¹⁾₁ 0.5933
 w⁽²⁾₁₂  0.45 · a⁽¹⁾₂ 0.5969
 b⁽²⁾₁   0.6
w⁽²⁾₁₁: layer 2, into neuron 1, from neuron 1
dashed: negative weight; heavy: large, or marked
""",
        id="the worked example, the factor to a weight",
    ),
    pytest.param(
        "worked-example",
        Entry("gradient", "a1_1"),
        0,
        (58, 22),
        """
inputs       layer 1          layer 2          cost
          ⣰▶ z⁽¹⁾₁         ⣰◀ z⁽²⁾₁
         ⣰⣿ │ 0.3775      ⣰⣿ │ 1.106
        ⢠⡟⣿ ▼            ⢠⣿⣿ ▼ ∂ 0.1385
x₁ 0.05 ⢿⣠⡟ [a⁽¹⁾₁]◀━━━━━⢿⣧⡟  a⁽²⁾₁ ──────⠢⣀
        ⠘⣿⡇   0.5933     ⠘⣿⡇   0.7514       ⢱▶ C
         ⣿⡅   ∂ 0.03635   ⣿⣧   ∂ 0.7414     ⡇   0.2984
         ⣿⣷               ⣿⣿               ⢰⠁   ∂ 1
        ⢠⡟⣸▶ z⁽¹⁾₂       ⢠⡟⣸◀ z⁽²⁾₂        ⡎
        ⢸⣷⠏ │ 0.3925     ⢸⣷⠏ │ 1.225      ⢠⠃   t₁ 0.01
        ⣾⡟  ▼ ∂ 0.009954 ⣾⡟  ▼ ∂ −0.03810 ⡸    t₂ 0.99
x₂ 0.1  ⠛    a⁽¹⁾₂ ──────⠛    a⁽²⁾₂ ──────⠃
              0.5969           0.7729
              ∂ 0.04137        ∂ −0.2171

∂C/∂a⁽¹⁾₁ comes by 2 edges:
  by z⁽²⁾₁  0.1385 · 0.4 = 0.05540
+ by z⁽²⁾₂  (−0.03810) · 0.5 = −0.01905
w⁽¹⁾₁₂: layer 1, into neuron 1, from input 2
dashed: negative weight; heavy: large, or marked
""",
        id="the worked example, a gradient with two terms",
    ),
    pytest.param(
        "worked-example",
        Entry("gradient", "b2_1"),
        0,
        (58, 22),
        """
inputs       layer 1          layer 2          cost
          ⣰▶ z⁽¹⁾₁         ⣰▶ z⁽²⁾₁
         ⣰⣿ │ 0.3775      ⣰⣿ │ 1.106
        ⢠⡟⣿ ▼            ⢠⡟⣿ ▼ ∂ 0.1385
x₁ 0.05 ⢿⣠⡟  a⁽¹⁾₁ ──────⢿⣠⡟  a⁽²⁾₁ ──────⠢⣀
        ⠘⣿⡇   0.5933     ⠘⣿⡇   0.7514       ⢱▶ C
         ⣿⡅               ⣿⡅   ∂ 0.7414     ⡇   0.2984
         ⣿⣷               ⣿⣷               ⢰⠁   ∂ 1
        ⢠⡟⣸▶ z⁽¹⁾₂       ⢠⡟⣸▶ z⁽²⁾₂        ⡎
        ⢸⣷⠏ │ 0.3925     ⢸⣷⠏ │ 1.225      ⢠⠃   t₁ 0.01
        ⣾⡟  ▼            ⣾⡟  ▼ ∂ −0.03810 ⡸    t₂ 0.99
x₂ 0.1  ⠛    a⁽¹⁾₂ ──────⠛    a⁽²⁾₂ ──────⠃
              0.5969           0.7729
                               ∂ −0.2171

into z⁽²⁾₁:
 w⁽²⁾₁₁  0.4  · a⁽¹⁾₁ 0.5933   ∂ 0.08217
 w⁽²⁾₁₂  0.45 · a⁽¹⁾₂ 0.5969   ∂ 0.08267
[b⁽²⁾₁]  0.6                   ∂ 0.1385
w⁽²⁾₁₂: layer 2, into neuron 1, from neuron 2
dashed: negative weight; heavy: large, or marked
""",
        id="the worked example, the gradient of a bias",
    ),
    pytest.param(
        "worked-example",
        Entry("gradient", "a1_1"),
        0,
        (116, 34),
        """
inputs             layer 1                                   layer 2                                   cost




                                                           0.05540
               ⣠⣴▶ z⁽¹⁾₁ ─────────▶[a⁽¹⁾₁]◀━━━━━━━⣶⣶⣶⣶⣶⣶⣶⣶⣶◀ z⁽²⁾₁ ─────────▶ a⁽²⁾₁ ────────⠢⡀
            ⣀⡴⠞⢱⡏   0.3775           0.5933       ⠈⣿⡆    ⢰⡏   1.106            0.7514        ⠘⢄
         ⢀⡴⠞⠉ ⢀⡿                     ∂ 0.03635     ⠸⣿⡀  ⢀⡿    ∂ 0.1385         ∂ 0.7414        ⠑⡄
x₁ 0.05 ⢾⡏    ⣾⠁   b⁽¹⁾₁ 0.35                       ⢹⣷  ⣾⠁   b⁽²⁾₁ 0.6                          ⠈⠢⡀
         ⢻⡄  ⣼⠃                                      ⢻⣧⣼⠃                                         ⠈⢆
          ⢻⡄⣰⠏                                       ⠈⣿⡏                                            ⡕▶ C
           ⢻⡟                                        ⢠⡟⣿⡄                                         ⢠⠊    0.2984
          ⢀⡾⠻⣄                                      ⢀⡾⠁⠹⣷⡀                                       ⡰⠁     ∂ 1
          ⣼⠃ ⠹⣆                                     ⣼⠃  ⢻⣧                                     ⢀⠎
         ⣸⠇   ⠹⣆                                   ⣸⠇    ⢿⣇                                   ⡠⠃       t₁ 0.01
        ⢠⡟     ⠹⣆                                 ⢠⡟     ⠘⣿                                 ⢀⠔⠁        t₂ 0.99
x₂ 0.1  ⠿⠶⠶⠶⠶⠶⠶⠶⠿▶ z⁽¹⁾₂ ─────────▶ a⁽¹⁾₂ ────────⠿⠶⠶⠶⠶⠶⠶⠶⠾◀ z⁽²⁾₂ ─────────▶ a⁽²⁾₂ ────────⠊
                    0.3925           0.5969                   1.225            0.7729
                    ∂ 0.009954       ∂ 0.04137                ∂ −0.03810       ∂ −0.2171
                   b⁽¹⁾₂ 0.35                                b⁽²⁾₂ 0.6






∂C/∂a⁽¹⁾₁ comes by 2 edges:
  by z⁽²⁾₁  0.1385 · 0.4 = 0.05540
+ by z⁽²⁾₂  (−0.03810) · 0.5 = −0.01905
w⁽¹⁾₁₂: layer 1, into neuron 1, from input 2
dashed: negative weight; heavy: large, or marked
""",
        id="the worked example, in a wide panel",
    ),
    pytest.param(
        "2 4 3 1",
        Entry("value", "z2_2"),
        0,
        (58, 22),
        """
  layer 1             layer 2             layer 3
‹ z⁽¹⁾₁ −0.425
 ▼
  a⁽¹⁾₁ 0.3953   ⣶⡆⣰▶ z⁽²⁾₁ 0.1831
                 ⢸⣿⣾ ▼
                 ⠘⣿⣿  a⁽²⁾₁ 0.5456   ⢶⡀
‹ z⁽¹⁾₂ 0.625    ⢰⣿⣿                  ⣀
 ▼               ⡀⣸⣿                  ⠛
  a⁽¹⁾₂ 0.6514   ⣧⣿⣿                   ⣶
                 ⢸⣿⣿▶[z⁽²⁾₂]0.4619     ⣴▶ z⁽³⁾₁
                 ⢸⣿⣿ ▼               ⢀ ⡎ ▼
‹ z⁽¹⁾₃ 0.025    ⢸⣿⣿  a⁽²⁾₂          ⠊⢀⠇  a⁽³⁾₁          ›
 ▼               ⣾⣿⣿                  ⢸
  a⁽¹⁾₃ 0.5062   ⢻⣿⡿                  ⡎
                 ⢸⣿⣗                  ⡇
                 ⢸⣿⠟▶ z⁽²⁾₃          ⢸
‹ z⁽¹⁾₄ 0.525    ⣸⣿⠆ ▼               ⡜
 ▼               ⣿⡟   a⁽²⁾₃          ⠃
  a⁽¹⁾₄ 0.6283   ⠛⠃


into z⁽²⁾₂: w⁽²⁾₂₁ 0.25 · a⁽¹⁾₁ + w⁽²⁾₂₂ 0.55 · a⁽¹⁾₂ + w…
""",
        id="2-4-3-1, a value",
    ),
    pytest.param(
        "2 4 3 1",
        Entry("factor", "a1_3", "z2_2"),
        0,
        (58, 22),
        """
  layer 1             layer 2             layer 3
‹ z⁽¹⁾₁ −0.425
 ▼
  a⁽¹⁾₁ 0.3953   ⡶⠆⣰▶ z⁽²⁾₁ 0.1831
                 ⢸ ⣾ ▼ ∂ −0.01277
                 ⠘⡞⣿  a⁽²⁾₁ 0.5456   ⢶⡀
‹ z⁽¹⁾₂ 0.625    ⢰⣧⣿   ∂ −0.05152     ⣀
 ▼               ⡀⣸⣿                  ⠛
  a⁽¹⁾₂ 0.6514   ⣧⣿⣇                   ⣶
                 ⢸⣿⣿◀ z⁽²⁾₂ 0.4619     ⣴▶ z⁽³⁾₁ −0.1571
                 ⢸⣿⣿ ▼ ∂ −0.00407    ⢀ ⡎ ▼ ∂ 0.1145
‹ z⁽¹⁾₃ 0.025    ⢸⣿⡏  a⁽²⁾₂ 0.6135   ⠊⢀⠇  a⁽³⁾₁ 0.4608   ›
 ▼               ⣾⣿⡇   ∂ −0.01717     ⢸    ∂ 0.4608
  a⁽¹⁾₃ 0.5062   ◀⣿⡆                  ⡎
                 ⢸⡿⣗                  ⡇
                 ⢸⡇⠙▶ z⁽²⁾₃ 0.1463   ⢸
‹ z⁽¹⁾₄ 0.525    ⣸⣷⠆ ▼ ∂ 0.004271    ⡜
 ▼ ∂ −0.00174    ⣿⡀   a⁽²⁾₃ 0.5365   ⠃
  a⁽¹⁾₄ 0.6283   ⠛     ∂ 0.01717
   ∂ −0.00745

into z⁽²⁾₂: … + w⁽²⁾₂₂ 0.55 · a⁽¹⁾₂ + [w⁽²⁾₂₃] −0.25 · a⁽…
""",
        id="2-4-3-1, the factor of an edge",
    ),
    pytest.param(
        "2 4 3 1",
        Entry("gradient", "a1_3"),
        0,
        (116, 34),
        """
inputs            layer 1                     layer 2                     layer 3                     cost
               ⣐▶ z⁽¹⁾₁  −0.425             −0.001916
              ⠘⡇ ▼                     ⣀⡀ ⣤⣶◀ z⁽²⁾₁  0.1831
             ⣴⡂   a⁽¹⁾₁  0.3953     ⣶⠃ ⠉⠁ ⢘⣿ ▼ ∂ −0.01277
            ⣀ ⠃                      ⣣   ⡔⣼⡟  a⁽²⁾₁  0.5456     ⢲⡄
           ⠚⠁⡰    b⁽¹⁾₁  0.1         ⠃⢣ ⡀⢠⣿⠃   ∂ −0.05152         ⣀
         ⢀⡶  ⡀                       ⠰⡀⠫⡀⣾⡿   b⁽²⁾₁  0.1          ⠙⠂
        ⢀⡀ ⣀⣘⠤⠤⣲▶ z⁽¹⁾₂  0.625       ⢀⡆ ⢱⣿⡇                         ⢶⡀
x₁  1   ⢾⡉⠉ ⡆ ⣰⠏ ▼                  ⢀ ⠘ ⣿⣿⡀                          ⢀⡀
        ⠘⣧⡀⡀ ⢠⡟   a⁽¹⁾₂  0.6514     ⢾⣤⣤⣾⣿⡏⠱⡀                          ⠛
         ⢹⡎⠃⢀⡿                      ⠈⡆⢠⣿⣿⠛⠛⣷◀ z⁽²⁾₂  0.4619           ⡠⡴▶ z⁽³⁾₁  −0.1571
          ⣿⡀⣾⡅    b⁽¹⁾₂  0.1         ⠘⣼⡟⣿⣠⣾⠋ ▼ ∂ −0.004072         ⠔⠂ ⢠⠃ ▼ ∂ 0.1145            ⣀⣀⠤⠤⠒▶ C  0.1062
          ⡘⣿⠃  ⡀                     ⢰⣿⣹⣷⡟⡏   a⁽²⁾₂  0.6135     ⠊⠁   ⢀⠇   a⁽³⁾₁  0.4608     ⠒⠉⠉        ∂ 1
         ⠘⣸⠿⣆ ⣀⠕▶ z⁽¹⁾₃  0.025       ⣾⣯⣿⡋⡸     ∂ −0.01717            ⡎     ∂ 0.4608
         ⣶⠏⢀⣻⡎   ▼                  ⢸⣿⣿⡟⢣⠛    b⁽²⁾₂  0.1            ⡸     b⁽³⁾₁  0.1                  t  0
        ⣠⣟⠔⠁⠈⣷   [a⁽¹⁾₃] 0.5062     ◀⣋⣸⠇⡎⢇⡆                        ⢠⠃
x₂  0.5 ⠻⡀   ⠸⣇    ∂ 0.001024       ⠈⠛⣿⣜⡀⠈⡆⡀                      ⢀⠇
           ⢄⡀ ⢻⡄  b⁽¹⁾₃  0.1         ⢸⣷⠙⠻⣦⣘⡇                      ⡎
              ⣈⣷                     ⣾⠇  ⠈⣛⣿◀ z⁽²⁾₃  0.1463      ⡸
               ⠙▶ z⁽¹⁾₄  0.525      ⢠⡟ ⢀⡀ ⠉  ▼ ∂ 0.004271       ⢠⠃
                 ▼ ∂ −0.001739      ⣸⡇ ⠋⠁     a⁽²⁾₃  0.5365     ⠃
                  a⁽¹⁾₄  0.6283     ⠟⠁         ∂ 0.01717
                   ∂ −0.007446                b⁽²⁾₃  0.1
                  b⁽¹⁾₄  0.1

∂C/∂a⁽¹⁾₃ comes by 3 edges:
  by z⁽²⁾₁  (−0.01277) · 0.15 = −0.001916
+ by z⁽²⁾₂  (−0.004072) · (−0.25) = 0.001018
+ by z⁽²⁾₃  0.004271 · 0.45 = 0.001922
w⁽¹⁾₃₁: layer 1, into neuron 3, from input 1
dashed: negative weight; heavy: large, or marked
""",
        id="2-4-3-1, a gradient with three terms, in a wide panel",
    ),
    pytest.param(
        "2 16 16 1",
        Entry("value", "z2_9"),
        0,
        (58, 22),
        """
inputs          layer 1                  layer 2

          ╭───▶ z⁽¹⁾₁  −0.425      ╭───▶ z⁽²⁾₁  0.3887
          │                        │
          │     a⁽¹⁾₁  0.3953   ━━━┪     a⁽²⁾₁  0.5960   ›
          │                        ┃
          │                        ┠───▶ ⋮ 7 more
          ├───▶ z⁽¹⁾₂  0.625       ┃     ⋮ neurons       ›
x₁ 1   ───┤                        ┃
          │     a⁽¹⁾₂  0.6514   ━━━┫
          │                        ┣━━━▶[z⁽²⁾₉] 0.6270
          │                        ┃
          ├───▶ z⁽¹⁾₃  0.025       ┃     a⁽²⁾₉           ›
x₂ 0.5 ───┤                        ┃
          │     a⁽¹⁾₃  0.5062   ━━━┫
          │                        ┠───▶ ⋮ 7 more
          ╰───▶ ⋮ 13 more          ┃     ⋮ neurons       ›
                ⋮ neurons       ━━━┛


into z⁽²⁾₉: w⁽²⁾₉₁ −0.35 · a⁽¹⁾₁ + w⁽²⁾₉₂ −0.05 · a⁽¹⁾₂ +…
w⁽²⁾₉₁: layer 2, into neuron 9, from neuron 1
""",
        id="2-16-16-1, a value",
    ),
    pytest.param(
        "2 16 16 1",
        Entry("factor", "a1_7", "z2_12"),
        0,
        (58, 22),
        """
inputs          layer 1                  layer 2

          ╭───▶ z⁽¹⁾₁  −0.425      ╭───▶ z⁽²⁾₁  0.3887
          │                        │     ∂ −0.01459
          │     a⁽¹⁾₁  0.3953   ───┤     a⁽²⁾₁  0.5960   ›
          │                        │     ∂ −0.06058
          ├───▶ ⋮ 5 more           ├───▶ ⋮ 10 more
x₁ 1   ───┤     ⋮ neurons       ───┤     ⋮ neurons       ›
          │                        │ w⁽²⁾₁₂,₇ 0.25
          ├───▶ z⁽¹⁾₇  0.375       ┢━━━◀ z⁽²⁾₁₂ 0.3887
          │                        ┃     ∂ −0.01459
          │     a⁽¹⁾₇  0.5927   ◀━━┩     a⁽²⁾₁₂ 0.5960   ›
          │                        │     ∂ −0.06058
          ├───▶ ⋮ 9 more           ├───▶ ⋮ 4 more
x₂ 0.5 ───╯     ⋮ neurons       ───╯     ⋮ neurons       ›





into z⁽²⁾₁₂: … + w⁽²⁾₁₂,₆ −0.05 · a⁽¹⁾₆ + [w⁽²⁾₁₂,₇] 0.25…
w⁽²⁾₁₂,₇: layer 2, into neuron 12, from neuron 7
""",
        id="2-16-16-1, the factor of an edge",
    ),
    pytest.param(
        "2 16 16 1",
        Entry("gradient", "a1_3"),
        0,
        (58, 22),
        """
inputs          layer 1                  layer 2
                                     −0.002188
          ╭───▶ z⁽¹⁾₁  −0.425      ┏━━━◀ z⁽²⁾₁  0.3887
          │                        ┃     ∂ −0.01459
          │     a⁽¹⁾₁  0.3953   ───┨     a⁽²⁾₁  0.5960   ›
          │                        ┃     ∂ −0.06058
          │                        ┃ 0.0009856
          ├───▶ z⁽¹⁾₂  0.625       ┣━━━◀ z⁽²⁾₂  1.015
x₁ 1   ───┤                        ┃     ∂ −0.00394
          │     a⁽¹⁾₂  0.6514   ───┨     a⁽²⁾₂  0.7340   ›
          │                        ┃     ∂ −0.02019
          │                        ┃ 0.002183
          ├───▶ z⁽¹⁾₃  0.025       ┣━━━◀ z⁽²⁾₃  0.4005
x₂ 0.5 ───┤                        ┃     ∂ 0.004851
          │    [a⁽¹⁾₃] 0.5062   ◀━━┫     a⁽²⁾₃  0.5988   ›
          │     ∂ 0.005619         ┃     ∂ 0.02019
          ╰───▶ ⋮ 13 more          ┡━━━◀ ⋮ 13 more
                ⋮ neurons       ───╯     ⋮ neurons       ›


∂C/∂a⁽¹⁾₃ = −0.002188 + 0.0009856 + 0.002183 + 0.0007304 …
w⁽¹⁾₃₁: layer 1, into neuron 3, from input 1
""",
        id="2-16-16-1, a gradient with sixteen terms",
    ),
    pytest.param(
        "2 16 16 1",
        Entry("update", "w2_2_5"),
        0,
        (58, 22),
        """
inputs          layer 1                  layer 2

          ╭───▶ z⁽¹⁾₁ (−0.425)     ╭───▶ z⁽²⁾₁ (0.3887)
          │     ∂ 0.007114         │     ∂ −0.01459
          │     a⁽¹⁾₁ (0.3953)  ───┤     a⁽²⁾₁ (0.5960)  ›
          │     ∂ 0.02976          │     ∂ −0.06058
          ├───▶ ⋮ 3 more           │
x₁ 1   ───┤     ⋮ neurons       ───┤ w⁽²⁾₂₅ 0.3512
          │                        ┢━━━▶ z⁽²⁾₂ (1.015)
          ├───▶ z⁽¹⁾₅ (0.475)      ┃     ∂ −0.00394
          │     ∂ −3.61e−4         ┃     a⁽²⁾₂ (0.7340)  ›
          │     a⁽¹⁾₅ (0.6166)  ━━━┩     ∂ −0.02019
          │     ∂ −0.00153         │
          ├───▶ ⋮ 11 more          ├───▶ z⁽²⁾₃ (0.4005)
x₂ 0.5 ───╯     ⋮ neurons       ───┤     ∂ 0.004851
                                   │     a⁽²⁾₃ (0.5988)  ›
                                   │     ∂ 0.02019
                                   ╰───▶ ⋮ 13 more
                                         ⋮ neurons       ›

into z⁽²⁾₂: … + w⁽²⁾₂₄ 0.05124 · a⁽¹⁾₄ + [w⁽²⁾₂₅] 0.3512 …
w⁽²⁾₂₅: layer 2, into neuron 2, from neuron 5
""",
        id="2-16-16-1, an update",
    ),
    pytest.param(
        "2 16 16 1",
        Entry("value", "z2_9"),
        0,
        (38, 11),
        """
                 ╭─▶ ⋮ 8 more
‹      −0.425    │   ⋮ neurons       ›
                 │
a⁽¹⁾₁  0.3953   ━┪
                 ┣━▶[z⁽²⁾₉] 0.6270
‹                ┃
⋮ neurons       ━┩   a⁽²⁾₉           ›
                 │
                 ╰─▶ ⋮ 7 more
                     ⋮ neurons       ›
into z⁽²⁾₉: w⁽²⁾₉₁ −0.35 · a⁽¹⁾₁ + w⁽…
""",
        id="2-16-16-1, a value in a narrow panel",
    ),
    pytest.param(
        "2 16 16 1",
        Entry("factor", "a1_7", "z2_12"),
        0,
        (38, 11),
        """
‹⋮ 6 more         ╭─▶ ⋮ 11 more
 ⋮ neurons       ─┤   ⋮ neurons      ›
                  │ w⁽²⁾₁₂,₇ 0.25
‹z⁽¹⁾₇  0.375     ┢━◀ z⁽²⁾₁₂ 0.3887
                  ┃   ∂ −0.01459
 a⁽¹⁾₇  0.5927   ◀┩   a⁽²⁾₁₂ 0.5960  ›
                  │   ∂ −0.06058
‹⋮ 9 more         ├─▶ ⋮ 4 more
 ⋮ neurons       ─╯   ⋮ neurons      ›

into z⁽²⁾₁₂: … + [w⁽²⁾₁₂,₇] 0.25 · a⁽…
""",
        id="2-16-16-1, the factor of an edge in a narrow panel",
    ),
    pytest.param(
        "2 16 16 1",
        Entry("gradient", "w1_5_2"),
        0,
        (38, 11),
        """
             ╭─────▶ ⋮ 4 more
             │       ⋮ neurons       ›
             │ w⁽¹⁾₅₂ ∂ −0.0001806
             ┢━━━━━◀ z⁽¹⁾₅  0.475
x₁ 1   ──────┨       ∂ −3.61e−4
             ┃       a⁽¹⁾₅  0.6166   ›
             ┃       ∂ −0.00153
             ┠─────▶ ⋮ 11 more
x₂ 0.5 ◀━━━━━┛       ⋮ neurons       ›

into z⁽¹⁾₅: … + [w⁽¹⁾₅₂] 0.45 · x₂ + …
""",
        id="2-16-16-1, the gradient of a weight in a narrow panel",
    ),
    pytest.param(
        "2 2 2",
        Entry("value", "z1_1"),
        0,
        (116, 34),
        """
inputs            layer 1                                   layer 2                                   cost





              ⣠⣴▶[z⁽¹⁾₁]─────────▶ a⁽¹⁾₁ ────────⢶⠆ ⠶⠆ ⠶⠆⡰▶ z⁽²⁾₁ ─────────▶ a⁽²⁾₁ ────────⠢⡀
           ⣀⣴⡾⢻⣿   −0.425                        ⠈⡆     ⢀                                   ⠘⢄
        ⢀⣴⡾⠛⠁⢀⣿⠇                                  ⠸⡀    ⠃                                     ⠑⡄
x₁ 1   ⣾⠟⠁   ⣾⡏   b⁽¹⁾₁ 0.1                        ⢱   ⡆    b⁽²⁾₁ 0.1                          ⠈⠢⡀
        ⢣   ⣼⡟                                      ⢣ ⡀                                          ⠈⢆
         ⢣ ⣰⡿⠁                                      ⠈⡖⠁                                            ⡕▶ C
          ⢣⣿⠃                                       ⢠⠚⡄                                          ⢠⠊
         ⢀⣾⠯⡀                                      ⢀  ⠱⡀                                        ⡰⠁
         ⣼⡟ ⠱⡀                                     ⠘   ⢣                                      ⢀⠎
        ⣸⡿   ⠱⡀                                   ⡰     ⢇                                    ⡠⠃       t₁ 0
       ⢠⣿⠃    ⠱⡀                                 ⢀      ⠘⡄                                 ⢀⠔⠁        t₂ 1
x₂ 0.5 ⠿⠷⠶⠶⠶⠶⠶⠶⠷▶ z⁽¹⁾₂ ─────────▶ a⁽¹⁾₂ ────────⠷⠶⠶⠶⠶⠶⠶⠶⠾▶ z⁽²⁾₂ ─────────▶ a⁽²⁾₂ ────────⠊


                  b⁽¹⁾₂ 0.1                                 b⁽²⁾₂ 0.1






into z⁽¹⁾₁:
 w⁽¹⁾₁₁  −0.45 · x₁ 1
 w⁽¹⁾₁₂  −0.15 · x₂ 0.5
 b⁽¹⁾₁   0.1
w⁽¹⁾₁₂: layer 1, into neuron 1, from input 2
dashed: negative weight; heavy: large, or marked
""",
        id="2-2-2, the first value in a wide panel",
    ),
    pytest.param(
        "2 2 2",
        Entry("gradient", "a1_1"),
        0,
        (116, 34),
        """
inputs            layer 1                                   layer 2                                   cost




                                                          −0.05093
              ⡀⡰▶ z⁽¹⁾₁ ─────────▶[a⁽¹⁾₁]◀━━━━━━━⣶⣶⣶⣶⣶⣶⣶⣶⣶◀ z⁽²⁾₁ ─────────▶ a⁽²⁾₁ ────────⠢⡀
           ⡀ ⠞⢁    −0.425           0.3953       ⠈⣿⡆    ⢀    −0.1756          0.4562        ⠘⢄
          ⠞⠁  ⠃                     ∂ −0.07202    ⠸⣿⡀   ⠃    ∂ 0.1132         ∂ 0.4562        ⠑⡄
x₁ 1   ⢾⠃    ⡆    b⁽¹⁾₁ 0.1                        ⢹⣷  ⡆    b⁽²⁾₁ 0.1                          ⠈⠢⡀
        ⢣   ⡀                                       ⢻⣧⡀                                          ⠈⢆
         ⢣ ⠐⠁                                       ⠈⣿⡇                                            ⡕▶ C
          ⢣⠂                                        ⢠⠚⣿⡄                                         ⢠⠊    0.1704
         ⢀ ⠣⡀                                      ⢀  ⠹⣷⡀                                       ⡰⠁     ∂ 1
         ⠘  ⠱⡀                                     ⠘   ⢻⣧                                     ⢀⠎
        ⡰    ⠱⡀                                   ⡰     ⢿⣇                                   ⡠⠃       t₁ 0
       ⢀      ⠱⡀                                 ⢀      ⠘⣿                                 ⢀⠔⠁        t₂ 1
x₂ 0.5 ⠷⠶⠶⠶⠶⠶⠶⠶⠷▶ z⁽¹⁾₂ ─────────▶ a⁽¹⁾₂ ────────⠷⠶⠶⠶⠶⠶⠶⠶⠾◀ z⁽²⁾₂ ─────────▶ a⁽²⁾₂ ────────⠊
                   0.625            0.6514                   0.5571           0.6358
                   ∂ −0.01439       ∂ −0.06336               ∂ −0.08434       ∂ −0.3642
                  b⁽¹⁾₂ 0.1                                 b⁽²⁾₂ 0.1






∂C/∂a⁽¹⁾₁ comes by 2 edges:
  by z⁽²⁾₁  0.1132 · (−0.45) = −0.05093
+ by z⁽²⁾₂  (−0.08434) · 0.25 = −0.02109
w⁽¹⁾₁₂: layer 1, into neuron 1, from input 2
dashed: negative weight; heavy: large, or marked
""",
        id="2-2-2, a gradient in a wide panel",
    ),
    pytest.param(
        "2 2 2",
        Entry("value", "z1_1"),
        0,
        (44, 22),
        """
inputs                      layer 1

                    ⣀⣀⣠⣤⣴⣶▶[z⁽¹⁾₁]−0.425
          ⢀⣀⣀⣤⣤⣴⣶⡾⠿⠿⠛⠛⢋⣽⠟⠁ ▼
x₁ 1   ⣶⣾⡿⠟⠛⠛⠉⠉⠁    ⢀⣴⠟⠁    a⁽¹⁾₁          ›
         ⠈⠑⠢⢄⡀    ⢀⣴⠟⠁
             ⠈⠒⠤⣀⣴⠟⠁
              ⣠⡾⠛⠉⠒⢄⡀
            ⣠⡾⠋     ⠈⠑⠢⢄⡀
          ⣠⡾⠋       ⣀⣀⣠⣤⡼⠷▶ z⁽¹⁾₂
        ⣠⡾⢋⣀⣀⣤⣤⡴⠶⠞⠛⠛⠉⠉⠁    ▼
x₂ 0.5 ⡾⠟⠛⠋⠉⠉               a⁽¹⁾₂          ›



into z⁽¹⁾₁:
 w⁽¹⁾₁₁  −0.45 · x₁ 1
 w⁽¹⁾₁₂  −0.15 · x₂ 0.5
 b⁽¹⁾₁   0.1
w⁽¹⁾₁₂: layer 1, into neuron 1, from input 2
""",
        id="2-2-2, a layer as a box",
    ),
]


@pytest.mark.parametrize(("net", "entry", "iteration", "size", "picture"), PICTURES)
def test_picture(net: str, entry: Entry, iteration: int, size: tuple[int, int], picture: str) -> None:
    """`net` is a bundled lesson, or the neurons of each layer of a net made here."""
    session = opened(network_text(*map(int, net.split())) if " " in net else net)
    session = session.at(Cursor(iteration, session.layout.index(entry)))
    assert panel(session, "graph", *size) == picture.strip("\n")
