Attribute VB_Name = "XltoolsButtons"
Option Explicit
'What the buttons on the form and in the ribbon tab call. Each Sub names a function of xltools.buttons.
'
'ASCII only: a VBA project stores its source in one ANSI code page, so Chinese text here would turn
'into question marks on a computer of another locale. Captions stand in the drawing and the ribbon
'XML, the few sentences needed before Python runs in hidden names of this workbook; everything else
'is said by Python.

Public Sub xltools_validate()
    Press "validate"
End Sub

Public Sub xltools_fill()
    Press "fill"
End Sub

Public Sub xltools_merge()
    Press "merge"
End Sub

Public Sub xltools_report()
    Press "report"
End Sub

Public Sub xltools_write_report()
    Press "write_report"
End Sub

Public Sub xltools_undo()
    Press "undo"
End Sub

'One callback for the whole ribbon tab: the tag of the control is the name of the function.
Public Sub xltools_ribbon(control As IRibbonControl)
    Press control.Tag
End Sub

Public Function PythonCommand(ByVal Entry As String) As String
    PythonCommand = "import xltools.buttons; xltools.buttons." & Entry & "()"
End Function

Private Sub Press(ByVal Entry As String)
    Dim Problem As String
    On Error GoTo Failed
    #If Mac Then
        Problem = Sentence("xltools_text_mac", "The buttons work in Excel for Windows only.")
    #Else
        If ActiveWorkbook Is Nothing Then
            Problem = Sentence("xltools_text_nobook", "Open the workbook first.")
        ElseIf Interpreter() = "" Then
            Problem = Sentence("xltools_text_setup", "Python for xltools is not set up. Run: xltools excel install")
        Else
            Problem = RunPython(PythonCommand(Entry))
            If Problem <> "" Then Problem = Sentence("xltools_text_failed", "Python could not be started.") & vbCrLf & vbCrLf & Problem
        End If
    #End If
    If Problem <> "" Then MsgBox Problem, vbExclamation, "xltools"
    Exit Sub
Failed:
    MsgBox Sentence("xltools_text_failed", "Python could not be started.") & vbCrLf & vbCrLf & Err.Description, vbExclamation, "xltools"
End Sub

'A hidden name holds ="text"; the English words stand in when somebody deleted it.
Private Function Sentence(ByVal NameOfText As String, ByVal Otherwise As String) As String
    Dim Formula As String
    Sentence = Otherwise
    On Error Resume Next
    Formula = ThisWorkbook.Names(NameOfText).RefersTo
    On Error GoTo 0
    If Len(Formula) > 3 Then Sentence = Mid(Formula, 3, Len(Formula) - 3)
End Function
