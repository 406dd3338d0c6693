"""The picture of the computation graph, as text, in pure stages.

shape ▸ columns ▸ order ▸ gaps ▸ rows ▸ tracks ▸ boxes and routes ▸ layout ▸ drawing ▸ view
"""
